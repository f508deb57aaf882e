/** Clips that are being made and have been made: progress, files to download, failures in words. */
import { Download, Scissors, Trash2, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ExportJob } from '../../../shared/contract.ts';
import { urls } from '../../client/api.ts';
import { Link } from '../../client/router.tsx';
import { onServerConnected, onServerMessage } from '../../client/server-events.ts';
import {
  formatBytes,
  formatMoment,
  formatSpan,
  formatTimeSeconds,
  formatZone,
} from '../../client/time-format.ts';
import { IconButton } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import { Page } from '../../ui/Page.tsx';
import { EmptyState, ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { showProblem } from '../../ui/Toast.tsx';
import { archivePath } from '../archive/archive-queries.ts';
import styles from './ExportsPage.module.css';
import { remainingMs, useExports } from './exports-store.ts';

export function ExportsPage() {
  const jobs = useExports((state) => state.jobs);
  const problem = useExports((state) => state.problem);
  const [removing, setRemoving] = useState<ExportJob | null>(null);
  useEffect(() => {
    const { refresh, put } = useExports.getState();
    void refresh();
    const stopMessages = onServerMessage((message) => {
      if (message.kind === 'export') put(message.job);
    });
    const stopConnected = onServerConnected(() => void refresh());
    return () => {
      stopMessages();
      stopConnected();
    };
  }, []);
  return (
    <Page title="Exports" width="read">
      {problem && (
        <ErrorNote onRetry={() => void useExports.getState().refresh()}>
          The exports cannot be shown. {problem}
        </ErrorNote>
      )}
      {!jobs && !problem && (
        <Loading label="Loading exports" className={styles.list}>
          {[0, 1, 2].map((row) => (
            <Skeleton key={row} height={56} style={{ margin: '8px 0' }} />
          ))}
        </Loading>
      )}
      {jobs?.length === 0 && (
        <EmptyState
          icon={Scissors}
          title="No clips exported yet"
          action={<Link to="/archive">Go to the archive</Link>}
        >
          Select a range on the archive's timeline and choose Export clip. The file appears here.
        </EmptyState>
      )}
      {jobs && jobs.length > 0 && (
        <ul className={styles.list} aria-label="Exports">
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} onRemove={() => setRemoving(job)} />
          ))}
        </ul>
      )}
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => {
          if (!open) setRemoving(null);
        }}
        title="Remove this clip?"
        description={`${removing?.fileName ?? 'The file'} is deleted from the recorder. The recording itself stays.`}
        action="Remove clip"
        onConfirm={() => {
          if (removing) useExports.getState().remove(removing.id).catch(showProblem);
          setRemoving(null);
        }}
      />
    </Page>
  );
}

function JobRow({ job, onRemove }: { job: ExportJob; onRemove: () => void }) {
  const active = job.state === 'queued' || job.state === 'running';
  const remove = () => useExports.getState().remove(job.id).catch(showProblem);
  return (
    <li className={styles.job} data-state={job.state}>
      <div className={styles.words}>
        <Link to={archivePath(job.cameraId, job.fromEpochMs)} className={styles.name}>
          {job.cameraName}
        </Link>
        <span className={styles.range}>
          {formatMoment(job.fromEpochMs)} to {formatTimeSeconds(job.toEpochMs)} {formatZone(job.toEpochMs)},{' '}
          {formatSpan(job.toEpochMs - job.fromEpochMs)}
        </span>
        <JobState job={job} />
      </div>
      <div className={styles.actions}>
        {job.state === 'done' && (
          <a
            className={styles.download}
            href={urls.exportFile(job.id)}
            download={job.fileName}
            aria-label={`Download ${job.fileName}`}
          >
            <Download size={16} strokeWidth={1.75} aria-hidden="true" />
            Download
          </a>
        )}
        {active ? (
          <IconButton icon={X} label="Cancel export" onClick={remove} />
        ) : (
          <IconButton
            icon={Trash2}
            label="Remove export"
            onClick={job.state === 'done' ? onRemove : remove}
          />
        )}
      </div>
    </li>
  );
}

function JobState({ job }: { job: ExportJob }) {
  const first = useExports((state) => state.seen.get(job.id));
  if (job.state === 'queued') return <span className={styles.state}>Waiting for the clip before it</span>;
  if (job.state === 'cancelled') return <span className={styles.state}>Cancelled</span>;
  if (job.state === 'failed') {
    return <span className={styles.failed}>{job.problem ?? 'The clip could not be made.'}</span>;
  }
  if (job.state === 'done') {
    return (
      <span className={styles.state}>
        {job.fileName}
        {job.sizeBytes !== null && `, ${formatBytes(job.sizeBytes)}`}
      </span>
    );
  }
  const percent = Math.round(job.progress * 100);
  const left = remainingMs(job, first, Date.now());
  return (
    <span className={styles.progress}>
      <progress max={1} value={job.progress} aria-label={`Export of ${job.cameraName}`} />
      <span>
        {percent} %{left !== null && `, ${formatSpan(left)} left`}
      </span>
    </span>
  );
}
