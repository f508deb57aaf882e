/** Who is signed in, with what everybody may do about it: change the password, sign out. */
import { t } from '@lingui/core/macro';
import { CircleUserRound, KeyRound, LogOut } from 'lucide-react';
import { useState } from 'react';
import { ROLE_IN_SENTENCE } from '../client/role-words.ts';
import { PasswordDialog } from '../features/session/PasswordDialog.tsx';
import { useSession } from '../features/session/session-store.ts';
import { Button } from '../ui/Button.tsx';
import { Menu } from '../ui/Menu.tsx';
import { showProblem } from '../ui/Toast.tsx';

export function AccountMenu() {
  const view = useSession((state) => state.view);
  const [isChanging, setChanging] = useState(false);
  if (!view?.email || !view.role) return null;
  return (
    <>
      <Menu
        trigger={
          <Button
            tone="quiet"
            icon={CircleUserRound}
            aria-label={t`Account: ${view.email}, ${ROLE_IN_SENTENCE[view.role]}`}
          />
        }
        groups={[
          [
            {
              label: view.email,
              detail: t`Signed in as ${ROLE_IN_SENTENCE[view.role]}`,
              disabled: true,
              onSelect: () => {},
            },
          ],
          [
            { label: t`Change password`, icon: KeyRound, onSelect: () => setChanging(true) },
            {
              label: t`Sign out`,
              icon: LogOut,
              onSelect: () => void useSession.getState().signOut().catch(showProblem),
            },
          ],
        ]}
      />
      <PasswordDialog open={isChanging} onClose={() => setChanging(false)} />
    </>
  );
}
