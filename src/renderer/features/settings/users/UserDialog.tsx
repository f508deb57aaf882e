/** Asks who a new user is, or what is to be different for one: role, cameras, password. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { type AccountView, PasswordSchema, ROLES, RoleSchema } from '../../../../shared/accounts.ts';
import { accountsApi } from '../../../client/accounts-api.ts';
import { useCameras } from '../../../client/cameras-store.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Checkbox, Select, Switch, TextField } from '../../../ui/Field.tsx';
import { SubmitForm } from '../../../ui/SubmitForm.tsx';
import styles from './UserDialog.module.css';
import { ROLE_HINTS, ROLE_TITLES } from './user-words.ts';

export interface UserDialogProps {
  /** Whom it is about; null: closed. */
  asked: AccountView | 'new' | null;
  onClose: () => void;
  onSaved: (account: AccountView) => void;
}

export function UserDialog({ asked, ...rest }: UserDialogProps) {
  const isNew = asked === 'new';
  return (
    <Dialog
      open={asked !== null}
      onOpenChange={(open) => !open && rest.onClose()}
      title={asked === null || isNew ? t`Add user` : t`Edit ${asked.email}`}
      description={
        isNew
          ? t`Tell them the password; they can change it once they are signed in.`
          : t`What you change holds at once, wherever they are signed in.`
      }
    >
      {asked !== null && <UserForm {...rest} account={isNew ? null : asked} />}
    </Dialog>
  );
}

function UserForm({
  account,
  onClose,
  onSaved,
}: Omit<UserDialogProps, 'asked'> & { account: AccountView | null }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState(account?.role ?? 'operator');
  const [cameraIds, setCameraIds] = useState(account?.cameraIds ?? null);
  const isShort = password !== '' && !PasswordSchema.safeParse(password).success;

  async function save() {
    const rights = { role, cameraIds: role === 'administrator' ? null : cameraIds };
    const saved = account
      ? await accountsApi.changeAccount(account.id, { ...rights, ...(password && { password }) })
      : await accountsApi.addAccount({ email: email.trim(), password, ...rights });
    onSaved(saved);
    onClose();
  }

  return (
    <SubmitForm
      action={account ? t`Save` : t`Add user`}
      disabled={isShort || (!account && (email.trim() === '' || password === ''))}
      onSubmit={save}
      onCancel={onClose}
    >
      {!account && (
        <TextField
          label={t`E-mail`}
          type="email"
          autoComplete="off"
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      )}
      <Select
        label={t`Role`}
        value={role}
        hint={ROLE_HINTS[role]}
        options={ROLES.map((value) => ({ value, label: ROLE_TITLES[value] }))}
        onValue={(value) => setRole(RoleSchema.parse(value))}
      />
      {role !== 'administrator' && <CamerasChoice cameraIds={cameraIds} onChange={setCameraIds} />}
      <TextField
        label={account ? t`New password` : t`Password`}
        type="password"
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        hint={
          account
            ? t`Leave it empty to keep the present one. A new one signs them out everywhere.`
            : t`At least 10 characters. A sentence is good.`
        }
        error={isShort ? t`At least 10 characters; this has ${password.length}.` : null}
      />
    </SubmitForm>
  );
}

/** All cameras, those that are added later too, or some. */
function CamerasChoice({
  cameraIds,
  onChange,
}: {
  cameraIds: string[] | null;
  onChange: (cameraIds: string[] | null) => void;
}) {
  const cameras = useCameras((state) => state.cameras) ?? [];
  return (
    <fieldset className={styles.cameras}>
      <legend className="visually-hidden">
        <Trans>Cameras</Trans>
      </legend>
      <Switch
        label={t`All cameras`}
        hint={t`Those that are added later too`}
        checked={cameraIds === null}
        onChecked={(all) => onChange(all ? null : [])}
      />
      {cameraIds && (
        <div className={styles.list}>
          {cameras.map(({ id, name }) => (
            <Checkbox
              key={id}
              label={name}
              checked={cameraIds.includes(id)}
              onChecked={(on) => onChange(on ? [...cameraIds, id] : cameraIds.filter((one) => one !== id))}
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}
