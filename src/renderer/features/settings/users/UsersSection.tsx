/** Who may sign in: each account's role and cameras, new ones, changes, and their end. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { AccountView } from '../../../../shared/accounts.ts';
import { accountsApi } from '../../../client/accounts-api.ts';
import { useCameras } from '../../../client/cameras-store.ts';
import { useResource } from '../../../client/resource.ts';
import { showToast } from '../../../ui/Toast.tsx';
import { useSession } from '../../session/session-store.ts';
import { ListSection } from '../ListSection.tsx';
import { UserDialog } from './UserDialog.tsx';
import { accountWords } from './user-words.ts';

export function UsersSection() {
  const accounts = useResource('accounts', accountsApi.accounts);
  const cameraCount = useCameras((state) => state.cameras?.length ?? 0);
  const ownEmail = useSession((state) => state.view?.email);
  const [asked, setAsked] = useState<AccountView | 'new' | null>(null);
  const known = accounts.value ?? [];

  function put(account: AccountView) {
    const isNew = !known.some(({ id }) => id === account.id);
    accounts.put(isNew ? [...known, account] : known.map((one) => (one.id === account.id ? account : one)));
    showToast(isNew ? t`Added ${account.email}` : t`Changed ${account.email}`);
    // One's own role may be another one now.
    if (account.email === ownEmail) void useSession.getState().refresh();
  }

  return (
    <ListSection
      title={t`Users`}
      note={t`Who may sign in to this recorder, what each may do, and which cameras each sees.`}
      list={accounts}
      loading={t`Loading users`}
      empty={t`Nobody has an account.`}
      add={t`Add user`}
      onAdd={() => setAsked('new')}
      keyOf={({ id }) => id}
      row={(account) => (
        <>
          {account.email}
          {account.email === ownEmail && ` ${t`(you)`}`}
          <small>{accountWords(account, cameraCount)}</small>
        </>
      )}
      extra={{
        word: t`Edit`,
        label: ({ email }) => t`Edit ${email}`,
        run: async (account) => setAsked(account),
      }}
      removal={{
        word: t`Delete`,
        label: ({ email }) => t`Delete ${email}`,
        title: ({ email }) => t`Delete ${email}?`,
        description: () =>
          t`The account is signed out everywhere at once, and the tokens that it made stop working. What it did stays in the audit log.`,
        action: t`Delete user`,
        done: ({ email }) => t`Deleted ${email}`,
        remove: ({ id }) => accountsApi.deleteAccount(id),
      }}
    >
      <UserDialog asked={asked} onClose={() => setAsked(null)} onSaved={put} />
    </ListSection>
  );
}
