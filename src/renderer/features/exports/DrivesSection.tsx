/** Removable drives that are plugged into the recorder; nothing while there are none. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Usb } from 'lucide-react';
import { useState } from 'react';
import { exportsApi } from '../../client/exports-api.ts';
import { useResource } from '../../client/resource.ts';
import { formatBytes } from '../../client/time-format.ts';
import { Button } from '../../ui/Button.tsx';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import styles from './ExportsPage.module.css';

const EVERY_MS = 3000;

export function DrivesSection() {
  const drives = useResource('drives', exportsApi.drives, EVERY_MS);
  const [busyId, setBusyId] = useState<string | null>(null);
  if (!drives.value || drives.value.length === 0) return null;
  async function eject(id: string, name: string) {
    setBusyId(id);
    try {
      await exportsApi.ejectDrive(id);
      showToast(t`${name} can be pulled out now.`);
      drives.refresh();
    } catch (thrown) {
      showProblem(thrown);
    } finally {
      setBusyId(null);
    }
  }
  return (
    <ul className={styles.drives} aria-label={t`Drives`}>
      {drives.value.map(({ id, name, freeBytes, sizeBytes, problem }) => (
        <li key={id} className={styles.drive}>
          <Usb size={16} strokeWidth={1.75} aria-hidden="true" />
          <span className={styles.words}>
            <span className={styles.name}>{name}</span>
            <span className={problem ? styles.failed : styles.state}>
              {problem ?? t`${formatBytes(freeBytes)} of ${formatBytes(sizeBytes)} free`}
            </span>
          </span>
          {problem === null && (
            <Button busy={busyId === id} aria-label={t`Eject ${name}`} onClick={() => void eject(id, name)}>
              <Trans>Eject</Trans>
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
