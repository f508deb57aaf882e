/** One's own password, another one: needs the present one, and signs out everywhere else. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { PasswordSchema } from '../../../shared/accounts.ts';
import { accountsApi } from '../../client/accounts-api.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/Field.tsx';
import { SubmitForm } from '../../ui/SubmitForm.tsx';
import { showToast } from '../../ui/Toast.tsx';

export function PasswordDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t`Change password`}
      description={t`You stay signed in here, and are signed out everywhere else.`}
    >
      {open && <PasswordForm onClose={onClose} />}
    </Dialog>
  );
}

function PasswordForm({ onClose }: { onClose: () => void }) {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const isShort = password !== '' && !PasswordSchema.safeParse(password).success;
  return (
    <SubmitForm
      action={t`Change password`}
      disabled={current === '' || password === '' || isShort}
      onSubmit={async () => {
        await accountsApi.changePassword({ current, password });
        showToast(t`Your password is changed`);
        onClose();
      }}
      onCancel={onClose}
    >
      <TextField
        label={t`Current password`}
        type="password"
        autoComplete="current-password"
        autoFocus
        value={current}
        onChange={(event) => setCurrent(event.target.value)}
      />
      <TextField
        label={t`New password`}
        type="password"
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        hint={t`At least 10 characters. A sentence is good.`}
        error={isShort ? t`At least 10 characters; this has ${password.length}.` : null}
      />
    </SubmitForm>
  );
}
