/** Who is signed in, with what everybody may do about it: change the password, sign out. */
import { CircleUserRound, KeyRound, LogOut } from 'lucide-react';
import { useState } from 'react';
import { ROLE_WORDS } from '../../shared/accounts.ts';
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
            aria-label={`Account: ${view.email}, ${ROLE_WORDS[view.role]}`}
          />
        }
        groups={[
          [
            {
              label: view.email,
              detail: `Signed in as ${ROLE_WORDS[view.role]}`,
              disabled: true,
              onSelect: () => {},
            },
          ],
          [
            { label: 'Change password', icon: KeyRound, onSelect: () => setChanging(true) },
            {
              label: 'Sign out',
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
