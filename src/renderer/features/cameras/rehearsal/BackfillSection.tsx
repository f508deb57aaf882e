/** Runs the rules that are saved over what was recorded before they were there; what they find joins the events. */
import { t } from '@lingui/core/macro';
import { Plural, Trans } from '@lingui/react/macro';
import { History, Pause, Play, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import type { CameraView } from '../../../../shared/contract-cameras.ts';
import type { Backfill } from '../../../../shared/rehearsal.ts';
import { DAY_MS } from '../../../../shared/units.ts';
import { rehearsalApi } from '../../../client/rehearsal-api.ts';
import { useResource } from '../../../client/resource.ts';
import { Link } from '../../../client/router.tsx';
import { formatMoment, formatSpan } from '../../../client/time-format.ts';
import { Button, IconButton } from '../../../ui/Button.tsx';
import { Select } from '../../../ui/Field.tsx';
import { showProblem } from '../../../ui/Toast.tsx';
import { isDirty, useDraft } from '../draft-store.ts';
import panels from '../Panels.module.css';
import styles from './Rehearsal.module.css';

const DAYS = [
  { value: '1', label: t`Last 24 hours` },
  { value: '7', label: t`Last 7 days` },
  { value: '30', label: t`Last 30 days` },
] as const;
const POLL_MS = 2000;

export function BackfillSection({ camera }: { camera: CameraView }) {
  const [days, setDays] = useState('1');
  const dirty = useDraft(isDirty);
  const { value: jobs, refresh } = useResource('backfills', rehearsalApi.backfills, POLL_MS);
  const own = jobs?.filter((job) => job.cameraId === camera.id) ?? [];
  const act = (action: Promise<unknown>) => void action.then(refresh, showProblem);
  return (
    <section className={styles.backfill} aria-label={t`Search the archive`}>
      <h3>
        <Trans>Search the archive</Trans>
      </h3>
      <p className={panels.note}>
        {dirty
          ? t`Save first: the archive is searched with the rules that are saved.`
          : t`Adds to the events what these rules find in earlier footage. Hooks and webhooks are not called for it.`}
      </p>
      <div className={styles.choice}>
        <Select label={t`Footage`} value={days} options={DAYS} onValue={setDays} />
        <Button
          icon={History}
          disabled={dirty}
          onClick={() => {
            const toEpochMs = Date.now();
            act(
              rehearsalApi.addBackfill({
                cameraId: camera.id,
                fromEpochMs: toEpochMs - Number(days) * DAY_MS,
                toEpochMs,
              }),
            );
          }}
        >
          <Trans>Search</Trans>
        </Button>
      </div>
      {own.length > 0 && (
        <ul className={styles.jobs} aria-label={t`Searches`}>
          {own.map((job) => (
            <JobRow key={job.id} job={job} act={act} />
          ))}
        </ul>
      )}
    </section>
  );
}

function JobRow({ job, act }: { job: Backfill; act: (action: Promise<unknown>) => void }) {
  const ended = job.state === 'done' || job.state === 'failed' || job.state === 'cancelled';
  const share = (job.reachedEpochMs - job.fromEpochMs) / (job.toEpochMs - job.fromEpochMs);
  return (
    <li className={styles.job}>
      <div className={styles.jobWords}>
        <span>
          <Trans>
            {formatSpan(job.toEpochMs - job.fromEpochMs)} to {formatMoment(job.toEpochMs)}
          </Trans>
        </span>
        {!ended && <progress max={1} value={share} aria-label={t`Searched`} />}
        <span className={styles.facts}>{stateWords(job, share)}</span>
        {job.problem && <span className={styles.problem}>{job.problem}</span>}
        {job.added > 0 && (
          <Link to={`/events?cameras=${job.cameraId}`}>
            <Plural value={job.added} one="# event added" other="# events added" />
          </Link>
        )}
      </div>
      {(job.state === 'running' || job.state === 'queued') && (
        <IconButton
          icon={Pause}
          label={t`Pause the search`}
          onClick={() => act(rehearsalApi.pauseBackfill(job.id))}
        />
      )}
      {(job.state === 'paused' || job.state === 'failed') && (
        <IconButton
          icon={Play}
          label={t`Go on with the search`}
          onClick={() => act(rehearsalApi.resumeBackfill(job.id))}
        />
      )}
      <IconButton
        icon={ended ? Trash2 : X}
        label={ended ? t`Forget this search` : t`Cancel the search`}
        onClick={() => act(rehearsalApi.removeBackfill(job.id))}
      />
    </li>
  );
}

function stateWords({ state, known }: Backfill, share: number): string {
  const percent = `${Math.floor(share * 100)} %`;
  const also = known > 0 ? `; ${t`${known} known already`}` : '';
  switch (state) {
    case 'queued':
      return t`Waits for the search before it`;
    case 'running':
      return `${percent}${also}`;
    case 'paused':
      return `${t`Paused at ${percent}`}${also}`;
    case 'done':
      return `${t`Done`}${also}`;
    case 'failed':
      return t`Stopped at ${percent}`;
    case 'cancelled':
      return t`Cancelled at ${percent}`;
  }
}
