/** The door readers of the access-control system: its id for each, and the name people use. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Plus, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Reader } from '../../../shared/domain-camera.ts';
import { api } from '../../client/api.ts';
import { useResource } from '../../client/resource.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Section } from '../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import styles from './SettingsPage.module.css';

export function ReadersSection() {
  const readers = useResource('readers', api.readers);
  return (
    <Section
      title={t`Readers`}
      note={t`Door readers that report unlocks. Assign them to cameras on the camera’s page, under Rules.`}
    >
      {readers.error && <ErrorNote onRetry={readers.refresh}>{readers.error}</ErrorNote>}
      {!readers.value && !readers.error && (
        <Loading label={t`Loading readers`} className={styles.rows}>
          <Skeleton height={32} />
          <Skeleton height={32} />
        </Loading>
      )}
      {readers.value && <ReadersEditor stored={readers.value} onSaved={readers.put} />}
    </Section>
  );
}

function ReadersEditor({ stored, onSaved }: { stored: Reader[]; onSaved: (readers: Reader[]) => void }) {
  const [rows, setRows] = useState(stored);
  const [busy, setBusy] = useState(false);
  useEffect(() => setRows(stored), [stored]);
  const dirty = JSON.stringify(rows) !== JSON.stringify(stored);
  const problems = rows.map((row, index) => problemOf(row, index, rows));
  const put = (index: number, change: Partial<Reader>) =>
    setRows(rows.map((row, at) => (at === index ? { ...row, ...change } : row)));

  async function save() {
    setBusy(true);
    try {
      const trimmed = rows.map(({ deviceId, deviceName }) => ({
        deviceId: deviceId.trim(),
        deviceName: deviceName.trim(),
      }));
      onSaved(await api.putReaders(trimmed));
      showToast(t`Readers saved`);
    } catch (thrown) {
      showProblem(thrown);
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className={styles.rows}>
      {rows.length > 0 && (
        <div className={styles.heads} aria-hidden="true">
          <span>
            <Trans>Name</Trans>
          </span>
          <span>
            <Trans>Device id in the access-control system</Trans>
          </span>
        </div>
      )}
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: ids change while they are typed
        <div key={index} className={styles.reader}>
          <TextField
            label={t`Name of reader ${index + 1}`}
            hideLabel
            value={row.deviceName}
            placeholder={t`Front door`}
            error={dirty ? problems[index]?.deviceName : null}
            onChange={(event) => put(index, { deviceName: event.target.value })}
          />
          <TextField
            label={t`Device id of reader ${index + 1}`}
            hideLabel
            value={row.deviceId}
            spellCheck={false}
            error={dirty ? problems[index]?.deviceId : null}
            onChange={(event) => put(index, { deviceId: event.target.value })}
          />
          <IconButton
            icon={Trash2}
            label={t`Remove reader ${row.deviceName || index + 1}`}
            onClick={() => setRows(rows.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      {rows.length === 0 && (
        <p className={styles.quiet}>
          <Trans>None yet. Readers that report by themselves are added with their id.</Trans>
        </p>
      )}
      <div className={styles.actions}>
        <Button icon={Plus} onClick={() => setRows([...rows, { deviceId: '', deviceName: '' }])}>
          <Trans>Add reader</Trans>
        </Button>
        {dirty && (
          <>
            <Button tone="quiet" onClick={() => setRows(stored)}>
              <Trans>Discard</Trans>
            </Button>
            <Button tone="primary" busy={busy} disabled={problems.some(Boolean)} onClick={() => void save()}>
              <Trans>Save readers</Trans>
            </Button>
          </>
        )}
      </div>
    </div>
  );
}

function problemOf(row: Reader, index: number, rows: Reader[]): Partial<Reader> | null {
  if (row.deviceName.trim() === '') return { deviceName: t`Give it a name.` };
  if (row.deviceId.trim() === '') return { deviceId: t`As the access-control system calls it.` };
  const twin = rows.findIndex(({ deviceId }) => deviceId.trim() === row.deviceId.trim());
  return twin === index ? null : { deviceId: t`Another reader has this id.` };
}
