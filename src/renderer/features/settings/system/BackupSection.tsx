/** All settings in one file that a passphrase opens, and taking such a file over at the next start. */
import { t } from '@lingui/core/macro';
import { Plural, Trans } from '@lingui/react/macro';
import { ArchiveRestore, Save } from 'lucide-react';
import { useState } from 'react';
import { PassphraseSchema } from '../../../../shared/backup.ts';
import { backupApi } from '../../../client/backup-api.ts';
import { useResource } from '../../../client/resource.ts';
import { saveFile } from '../../../client/save-file.ts';
import { formatMoment } from '../../../client/time-format.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { TextField } from '../../../ui/Field.tsx';
import { Section } from '../../../ui/Page.tsx';
import { Note } from '../../../ui/States.tsx';
import { SubmitForm } from '../../../ui/SubmitForm.tsx';
import { showProblem, showToast } from '../../../ui/Toast.tsx';
import { FileField } from './FileField.tsx';

export function BackupSection() {
  const restore = useResource('restore', backupApi.restoreState);
  const [open, setOpen] = useState<'backup' | 'restore' | null>(null);
  const close = () => setOpen(null);
  const waiting = restore.value?.waiting;
  const forget = () => void backupApi.forgetRestore().then(restore.put, showProblem);
  return (
    <Section
      title={t`Backup`}
      note={t`All settings with their secrets: accounts, cameras and passwords, rules, keys of other programs. Footage and events are not in it.`}
      actions={
        <>
          <Button icon={Save} onClick={() => setOpen('backup')}>
            <Trans>Back up…</Trans>
          </Button>
          <Button icon={ArchiveRestore} onClick={() => setOpen('restore')}>
            <Trans>Restore…</Trans>
          </Button>
        </>
      }
    >
      {waiting && (
        <Note>
          <Trans>
            The backup of {formatMoment(waiting.createdEpochMs)} with{' '}
            <Plural value={waiting.cameras} one="# camera" other="# cameras" /> fits and is taken over when
            the recorder starts again. Then sign in with an account of the backup.
          </Trans>{' '}
          <Button onClick={forget}>
            <Trans>Do not take it over</Trans>
          </Button>
        </Note>
      )}
      {open === 'backup' && (
        <Dialog open onOpenChange={close} title={t`Back up the settings`} description={BACKUP_WORDS}>
          <BackupForm onClose={close} />
        </Dialog>
      )}
      {open === 'restore' && (
        <Dialog open onOpenChange={close} title={t`Restore settings`} description={RESTORE_WORDS}>
          <RestoreForm
            onClose={close}
            onReady={(state) => {
              restore.put(state);
              close();
            }}
          />
        </Dialog>
      )}
    </Section>
  );
}

const BACKUP_WORDS = t`The file can be opened with its passphrase alone: keep that somewhere else. Nobody can recover it.`;
const RESTORE_WORDS = t`The file is checked now and taken over at the next start. All settings become those of the backup; cameras that are not in it stay, with their footage.`;

function BackupForm({ onClose }: { onClose: () => void }) {
  const [passphrase, setPassphrase] = useState('');
  const [password, setPassword] = useState('');
  const isShort = passphrase !== '' && !PassphraseSchema.safeParse(passphrase).success;
  async function save() {
    saveFile('threshold.backup', await backupApi.backUp({ password, passphrase }));
    showToast(t`The backup is saved`);
    onClose();
  }
  return (
    <SubmitForm
      action={t`Back up`}
      disabled={passphrase === '' || isShort || password === ''}
      onSubmit={save}
      onCancel={onClose}
    >
      <TextField
        label={t`Passphrase of the file`}
        value={passphrase}
        autoComplete="off"
        spellCheck={false}
        autoFocus
        hint={t`At least 10 characters; a sentence is good. It is shown so that you can note it down.`}
        error={isShort ? t`At least 10 characters.` : null}
        onChange={(event) => setPassphrase(event.target.value)}
      />
      <PasswordField value={password} onValue={setPassword} />
    </SubmitForm>
  );
}

function RestoreForm({
  onClose,
  onReady,
}: {
  onClose: () => void;
  onReady: (state: Awaited<ReturnType<typeof backupApi.restoreState>>) => void;
}) {
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const [password, setPassword] = useState('');
  return (
    <SubmitForm
      action={t`Check and restore`}
      disabled={file === null || passphrase === '' || password === ''}
      onSubmit={async () => {
        if (file) onReady(await backupApi.prepareRestore({ password, passphrase, file }));
      }}
      onCancel={onClose}
    >
      <FileField label={t`Backup`} accept=".backup" onFile={setFile} />
      <TextField
        label={t`Passphrase of the file`}
        type="password"
        value={passphrase}
        autoComplete="off"
        onChange={(event) => setPassphrase(event.target.value)}
      />
      <PasswordField value={password} onValue={setPassword} />
    </SubmitForm>
  );
}

function PasswordField({ value, onValue }: { value: string; onValue: (value: string) => void }) {
  return (
    <TextField
      label={t`Your password`}
      type="password"
      autoComplete="current-password"
      value={value}
      onChange={(event) => onValue(event.target.value)}
    />
  );
}
