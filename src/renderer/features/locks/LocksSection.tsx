/** What is locked: of which camera, when, why, until when and how much; with its change and its release. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { LockView } from '../../../shared/contract-archive.ts';
import { api } from '../../client/api.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { useResource } from '../../client/resource.ts';
import { Link } from '../../client/router.tsx';
import { formatBytes } from '../../client/time-format.ts';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import { Section } from '../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import { useMay } from '../session/session-store.ts';
import { LockDialog } from './LockDialog.tsx';
import styles from './Locks.module.css';
import { keptWords, rangeWords } from './lock-words.ts';
import { useLocks } from './use-locks.ts';

export function LocksSection() {
  const locks = useLocks();
  const storage = useResource(useMay('administrator') ? 'storage' : null, api.storage, 30_000);
  const { value } = storage;
  return (
    <Section
      title={t`Locked footage`}
      note={
        value
          ? t`Locks hold ${formatBytes(value.lockedBytes)} of at most ${formatBytes(value.lockCapBytes)}.`
          : t`Footage that is kept from being deleted.`
      }
    >
      {locks.error && <ErrorNote onRetry={locks.refresh}>{locks.error}</ErrorNote>}
      {!locks.value && !locks.error && (
        <Loading label={t`Loading locks`}>
          <Skeleton height={40} />
        </Loading>
      )}
      {locks.value?.length === 0 && (
        <p className={styles.quiet}>
          <Trans>
            Nothing is locked. Select a range in the <Link to="/archive">archive</Link> to keep it from being
            deleted.
          </Trans>
        </p>
      )}
      {locks.value && locks.value.length > 0 && (
        <ul className={styles.locks}>
          {locks.value.map((lock) => (
            <LockRow key={lock.id} lock={lock} onChanged={storage.refresh} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function LockRow({ lock, onChanged }: { lock: LockView; onChanged: () => void }) {
  const cameras = useCameras((state) => state.cameras);
  const [asked, setAsked] = useState<'change' | 'release' | null>(null);
  const [busy, setBusy] = useState(false);
  const name = cameras?.find(({ id }) => id === lock.cameraId)?.name ?? t`Deleted camera`;

  async function release() {
    setBusy(true);
    try {
      await api.removeLock(lock.id);
      showToast(t`Lock removed`);
      onChanged();
    } catch (thrown) {
      showProblem(thrown);
    }
    setBusy(false);
    setAsked(null);
  }

  return (
    <li className={styles.lock}>
      <span className={styles.words}>
        <span className={styles.reason}>{lock.reason}</span>
        <span>
          <Link to={`/archive?camera=${lock.cameraId}&at=${lock.startEpochMs}`}>{name}</Link>,{' '}
          {rangeWords(lock)}
        </span>
        <small>
          {keptWords(lock)}, {formatBytes(lock.sizeBytes)}
        </small>
      </span>
      <span className={styles.buttons}>
        <Button tone="quiet" onClick={() => setAsked('change')}>
          <Trans>Change</Trans>
        </Button>
        <Button onClick={() => setAsked('release')}>
          <Trans>Release</Trans>
        </Button>
      </span>
      <LockDialog
        open={asked === 'change'}
        onOpenChange={(open) => setAsked(open ? 'change' : null)}
        cameraIds={[lock.cameraId]}
        range={lock}
        lock={lock}
      />
      <ConfirmDialog
        open={asked === 'release'}
        onOpenChange={(open) => setAsked(open ? 'release' : null)}
        title={t`Release this footage?`}
        description={t`${name}, ${rangeWords(lock)}: what is older than the camera keeps, or does not fit any more, is deleted within a minute.`}
        action={t`Release`}
        busy={busy}
        onConfirm={() => void release()}
      />
    </li>
  );
}
