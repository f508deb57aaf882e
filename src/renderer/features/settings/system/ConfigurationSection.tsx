/** The configuration as a provision file: saved, with secrets or without, and read in again. */
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Download, Upload } from 'lucide-react';
import { useState } from 'react';
import type { ImportReport } from '../../../../shared/configuration.ts';
import { useCameras } from '../../../client/cameras-store.ts';
import { configurationApi } from '../../../client/configuration-api.ts';
import { saveFile } from '../../../client/save-file.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Checkbox, TextField } from '../../../ui/Field.tsx';
import { Section } from '../../../ui/Page.tsx';
import { SubmitForm } from '../../../ui/SubmitForm.tsx';
import { showToast } from '../../../ui/Toast.tsx';
import { FileField } from './FileField.tsx';
import styles from './System.module.css';

export function ConfigurationSection() {
  const [open, setOpen] = useState<'export' | 'import' | null>(null);
  const close = () => setOpen(null);
  return (
    <Section
      title={t`Configuration`}
      note={t`Sites, cameras, lines, zones, readers, webhooks and limits as one readable file: to set up another recorder alike, or to change many cameras at once.`}
      actions={
        <>
          <Button icon={Download} onClick={() => setOpen('export')}>
            <Trans>Export…</Trans>
          </Button>
          <Button icon={Upload} onClick={() => setOpen('import')}>
            <Trans>Import…</Trans>
          </Button>
        </>
      }
    >
      {open === 'export' && (
        <Dialog open onOpenChange={close} title={t`Export the configuration`} description={EXPORT_WORDS}>
          <ExportForm onClose={close} />
        </Dialog>
      )}
      {open === 'import' && (
        <Dialog open onOpenChange={close} title={t`Import a configuration`} description={IMPORT_WORDS}>
          <ImportForm onClose={close} />
        </Dialog>
      )}
    </Section>
  );
}

const EXPORT_WORDS = t`Accounts and the keys of other programs are not in it: of most of these only a digest is stored. A backup has everything.`;
const IMPORT_WORDS = t`What the file names is added or changed, what it does not name stays. All of it is checked before anything is changed.`;

function ExportForm({ onClose }: { onClose: () => void }) {
  const [withSecrets, setWithSecrets] = useState(false);
  const [password, setPassword] = useState('');
  async function save() {
    const provision = await configurationApi.exportConfiguration(withSecrets ? password : null);
    const text = `${JSON.stringify(provision, null, 2)}\n`;
    saveFile('threshold-configuration.json', new Blob([text], { type: 'application/json' }));
    onClose();
  }
  return (
    <SubmitForm
      action={t`Export`}
      disabled={withSecrets && password === ''}
      onSubmit={save}
      onCancel={onClose}
    >
      <Checkbox
        label={t`With the passwords of the cameras`}
        hint={t`Whoever has the file can then watch the cameras.`}
        checked={withSecrets}
        onChecked={setWithSecrets}
      />
      {withSecrets && (
        <TextField
          label={t`Your password`}
          type="password"
          autoComplete="current-password"
          autoFocus
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      )}
    </SubmitForm>
  );
}

function ImportForm({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [password, setPassword] = useState('');
  const [report, setReport] = useState<ImportReport | null>(null);
  async function read() {
    if (!file) return;
    const imported = await configurationApi.importConfiguration(password, parseFile(await file.text()));
    await useCameras.getState().refresh();
    if (imported.withoutPassword.length > 0) setReport(imported);
    else {
      showToast(
        plural(imported.cameras, { one: 'Imported, with # camera', other: 'Imported, with # cameras' }),
      );
      onClose();
    }
  }
  if (report)
    return (
      <div className={styles.report}>
        <p>
          <Trans>
            Imported. The file has no password for {report.withoutPassword.join(', ')}: type it under the
            camera’s Source.
          </Trans>
        </p>
        <Button tone="primary" onClick={onClose}>
          <Trans>Close</Trans>
        </Button>
      </div>
    );
  return (
    <SubmitForm
      action={t`Import`}
      disabled={file === null || password === ''}
      onSubmit={read}
      onCancel={onClose}
    >
      <FileField label={t`Configuration file`} accept=".json,application/json" onFile={setFile} />
      <TextField
        label={t`Your password`}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
    </SubmitForm>
  );
}

/** Throws in the user's words. */
function parseFile(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new Error(t`This file is not JSON.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(t`This file is no configuration.`);
  return value as Record<string, unknown>;
}
