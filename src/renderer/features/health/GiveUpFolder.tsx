/** Asks before what is on a drive that is away is given up, and says how much of which days that is. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { FolderContents, StorageView, VolumeView } from '../../../shared/contract-health.ts';
import { api } from '../../client/api.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { useResource } from '../../client/resource.ts';
import { formatBytes, formatSpan } from '../../client/time-format.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import styles from './FoldersList.module.css';
import { dayWords } from './folder-words.ts';

export interface GiveUpFolderProps {
  folder: VolumeView;
  onClose: () => void;
  onChanged: (storage: StorageView) => void;
}

export function GiveUpFolder({ folder, onClose, onChanged }: GiveUpFolderProps) {
  const [busy, setBusy] = useState(false);
  const contents = useResource(`contents ${folder.id}`, (signal) => api.folderContents(folder.id, signal));
  const { value } = contents;
  const bytes = formatBytes(value?.bytes ?? folder.usedBytes);

  async function giveUp() {
    setBusy(true);
    try {
      onChanged(await api.giveUpFolder(folder.id));
      showToast(t`Folder given up`);
      onClose();
    } catch (thrown) {
      showProblem(thrown);
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t`Give up this folder?`}
      description={t`For a drive that will not come back. Lost are ${bytes} of footage in ${folder.path}, locked footage too. Health lists the time as gaps.`}
      actions={
        <>
          <Button onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button tone="loss" disabled={!value} busy={busy} onClick={() => void giveUp()}>
            <Trans>Give up {bytes}</Trans>
          </Button>
        </>
      }
    >
      {contents.error && <ErrorNote onRetry={contents.refresh}>{contents.error}</ErrorNote>}
      {!value && !contents.error && (
        <Loading label={t`Loading what is in it`}>
          <Skeleton height={20} />
        </Loading>
      )}
      {value && <LostDays cameras={value.cameras} />}
      <p className={styles.comfort}>
        <Trans>Should the drive turn up after all, add the folder again: its footage is found in it.</Trans>
      </p>
    </Dialog>
  );
}

function LostDays({ cameras }: Pick<FolderContents, 'cameras'>) {
  const known = useCameras((state) => state.cameras);
  const nameOf = (cameraId: string) => known?.find(({ id }) => id === cameraId)?.name ?? t`Removed camera`;
  return (
    <dl className={styles.lost}>
      {cameras.map(({ cameraId, days }) => (
        <div key={cameraId}>
          <dt>{nameOf(cameraId)}</dt>
          <dd>
            {dayWords(days.map(({ day }) => day)).map((stretch) => (
              <span key={stretch}>{stretch}</span>
            ))}
            <small>{formatSpan(days.reduce((sum, { seconds }) => sum + seconds, 0) * 1000)}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}
