/** Today's gaps: which camera, from when to when, and why. */
import type { HealthView } from '../../../shared/contract.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { Link } from '../../client/router.tsx';
import { formatSpan, formatTimeSeconds } from '../../client/time-format.ts';
import { Dot } from '../../ui/Badge.tsx';
import { causeWords, isLoss } from '../archive/gap-words.ts';
import styles from './HealthPage.module.css';

export function GapsToday({ gaps }: { gaps: HealthView['gapsToday'] }) {
  const cameras = useCameras((state) => state.cameras);
  if (gaps.length === 0) return <p className={styles.quiet}>None. Everything wanted today is stored.</p>;
  return (
    <ul className={styles.gaps}>
      {[...gaps]
        .sort((a, b) => b.startEpochMs - a.startEpochMs)
        .map((gap) => (
          <li key={`${gap.cameraId} ${gap.startEpochMs}`} className={styles.gap}>
            <Dot hue={isLoss(gap) ? 'alarm' : 'neutral'} />
            <Link to={`/archive?camera=${gap.cameraId}&at=${gap.startEpochMs}`}>
              {cameras?.find(({ id }) => id === gap.cameraId)?.name ?? 'Deleted camera'}
            </Link>
            <span className={styles.cause}>
              {causeWords(gap)}
              {gap.detail && gap.detail !== causeWords(gap) ? <small>{gap.detail}</small> : null}
            </span>
            <span className={styles.when}>
              {formatTimeSeconds(gap.startEpochMs)} to{' '}
              {gap.endEpochMs === null ? 'now' : formatTimeSeconds(gap.endEpochMs)}
              <small>{formatSpan((gap.endEpochMs ?? Date.now()) - gap.startEpochMs)}</small>
            </span>
          </li>
        ))}
    </ul>
  );
}
