/** One export: what it is of, how far it is or what came of it, and what can be done with it. */
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Pause, Play, RotateCcw, SquarePlay, Trash2, X } from 'lucide-react';
import type { ExportJob } from '../../../shared/contract-exports.ts';
import { exportsApi, exportUrls } from '../../client/exports-api.ts';
import { Link } from '../../client/router.tsx';
import {
  formatBytes,
  formatMoment,
  formatSpan,
  formatTimeSeconds,
  formatZone,
} from '../../client/time-format.ts';
import { Badge } from '../../ui/Badge.tsx';
import { IconButton } from '../../ui/Button.tsx';
import { DownloadLink } from '../../ui/DownloadLink.tsx';
import { showProblem } from '../../ui/Toast.tsx';
import { archivePath } from '../archive/archive-queries.ts';
import styles from './ExportsPage.module.css';
import { missingWords } from './export-contents.ts';
import { remainingMs, useExports } from './exports-store.ts';

const MISSING_SHOWN = 3;

export function ExportRow({ job, onRemove }: { job: ExportJob; onRemove: () => void }) {
  const names = job.cameras.map(({ name }) => name).join(', ');
  return (
    <li className={styles.job} data-state={job.state}>
      <div className={styles.words}>
        <span className={styles.head}>
          <Link to={archivePath(job.cameras[0]?.id ?? '', job.fromEpochMs)} className={styles.name}>
            {names}
          </Link>
          {job.form === 'evidence' && (
            <Badge>
              <Trans>Evidence</Trans>
            </Badge>
          )}
        </span>
        <span className={styles.range}>
          <Trans>
            {formatMoment(job.fromEpochMs)} to {formatTimeSeconds(job.toEpochMs)} {formatZone(job.toEpochMs)},{' '}
            {formatSpan(job.toEpochMs - job.fromEpochMs)}
          </Trans>
        </span>
        <MissingTime job={job} />
        {job.reason !== '' && <span className={styles.reason}>{job.reason}</span>}
        <ExportState job={job} />
      </div>
      <ExportActions job={job} onRemove={onRemove} />
    </li>
  );
}

/** Where not all of the time asked for is there: of which camera how much, the first gap, and the other cameras on demand. */
function MissingTime({ job }: { job: ExportJob }) {
  const words = missingWords(job);
  const rest = words.slice(MISSING_SHOWN);
  if (words.length === 0) return null;
  return (
    <div className={styles.missing}>
      {words.slice(0, MISSING_SHOWN).map((line) => (
        <span key={line}>{line}</span>
      ))}
      {rest.length > 0 && (
        <details>
          <summary>{plural(rest.length, { one: 'and # more camera', other: 'and # more cameras' })}</summary>
          {rest.map((line) => (
            <span key={line}>{line}</span>
          ))}
        </details>
      )}
    </div>
  );
}

function ExportActions({ job, onRemove }: { job: ExportJob; onRemove: () => void }) {
  const { id, state } = job;
  const act = (action: Promise<ExportJob>) =>
    void action.then((changed) => useExports.getState().put(changed)).catch(showProblem);
  const remove = () => useExports.getState().remove(id).catch(showProblem);
  const isOpen = state === 'queued' || state === 'running' || state === 'paused';
  const again = () => {
    const { form, reason, options, drive, fromEpochMs, toEpochMs, ranges } = job;
    const cameraIds = job.cameras.map((camera) => camera.id);
    act(
      exportsApi.addExport({
        ...{ cameraIds, fromEpochMs, toEpochMs, ranges, form, reason, options },
        driveId: drive?.id ?? null,
      }),
    );
  };
  return (
    <div className={styles.actions}>
      {state === 'done' && !job.drive && job.form === 'clip' && job.files.length === 1 && (
        <a
          className={styles.open}
          href={exportUrls.shown(id, 0)}
          target="_blank"
          rel="noreferrer"
          aria-label={t`Open ${job.name}`}
        >
          <SquarePlay size={16} strokeWidth={1.75} aria-hidden="true" />
        </a>
      )}
      {state === 'done' && !job.drive && (
        <DownloadLink
          className={styles.download}
          href={exportUrls.file(id)}
          download={job.files.length > 1 ? `${job.name}.zip` : job.name}
          aria-label={t`Download ${job.name}`}
        >
          <Trans>Download</Trans>
        </DownloadLink>
      )}
      {(state === 'failed' || state === 'cancelled') && (
        <IconButton icon={RotateCcw} label={t`Export again`} onClick={again} />
      )}
      {(state === 'queued' || state === 'running') && (
        <IconButton icon={Pause} label={t`Pause export`} onClick={() => act(exportsApi.pauseExport(id))} />
      )}
      {state === 'paused' && (
        <IconButton
          icon={Play}
          label={t`Go on with export`}
          onClick={() => act(exportsApi.resumeExport(id))}
        />
      )}
      {isOpen ? (
        <IconButton icon={X} label={t`Cancel export`} onClick={remove} />
      ) : (
        <IconButton
          icon={Trash2}
          label={job.drive ? t`Remove from this list` : t`Remove export`}
          onClick={state === 'done' && !job.drive ? onRemove : remove}
        />
      )}
    </div>
  );
}

function ExportState({ job }: { job: ExportJob }) {
  const first = useExports((state) => state.seen.get(job.id));
  if (job.state === 'queued')
    return (
      <span className={styles.state}>
        <Trans>Waiting for the export before it</Trans>
      </span>
    );
  if (job.state === 'cancelled')
    return (
      <span className={styles.state}>
        <Trans>Cancelled</Trans>
      </span>
    );
  if (job.state === 'failed') {
    return <span className={styles.failed}>{job.problem ?? t`It could not be exported.`}</span>;
  }
  if (job.state === 'done') {
    return <span className={styles.state}>{doneWords(job)}</span>;
  }
  const percent = Math.round(job.progress * 100);
  const left = remainingMs(job, first, Date.now());
  return (
    <span className={styles.progress}>
      <progress
        max={1}
        value={job.progress}
        aria-label={t`Export of ${job.cameras.map(({ name }) => name).join(', ')}`}
      />
      <span>
        {[
          stepWords(job, percent),
          job.state === 'running' && left !== null && t`${formatSpan(left)} left`,
          job.drive && t`to ${job.drive.name}`,
        ]
          .filter(Boolean)
          .join(', ')}
      </span>
    </span>
  );
}

/** 'Gate.mp4 on STICK, 4 files, 1.2 GB, read back and compared'. */
function doneWords({ name, drive, files, sizeBytes }: ExportJob): string {
  return [
    drive ? t`${name} on ${drive.name}` : name,
    files.length > 1 && plural(files.length, { one: '# file', other: '# files' }),
    sizeBytes !== null && formatBytes(sizeBytes),
    drive && t`read back and compared`,
  ]
    .filter(Boolean)
    .join(', ');
}

function stepWords({ state, step }: ExportJob, percent: number): string {
  if (state === 'paused') return t`Paused at ${percent} %`;
  return step === 'checking' ? t`Reading back ${percent} %` : `${percent} %`;
}
