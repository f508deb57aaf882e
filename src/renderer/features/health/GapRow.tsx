/** A gap of the ledger: which camera, from when to when, how long, and why. The whole row leads to the archive at its start. */
import { t } from '@lingui/core/macro';
import type { GapLedger } from '../../../shared/contract-health.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { Link } from '../../client/router.tsx';
import { formatSpan } from '../../client/time-format.ts';
import { Dot } from '../../ui/Badge.tsx';
import { archivePath } from '../archive/archive-queries.ts';
import { causeWords, isLoss } from '../archive/gap-words.ts';
import styles from './GapsSection.module.css';
import { type GapRange, gapSpanWords } from './gap-range.ts';

export function GapRow({ gap, range }: { gap: GapLedger['gaps'][number]; range: GapRange }) {
  const name = useCameras((state) => state.cameras?.find(({ id }) => id === gap.cameraId)?.name);
  const nowEpochMs = Date.now();
  const cause = causeWords(gap);
  return (
    <li className={styles.gap}>
      <Dot hue={isLoss(gap) ? 'alarm' : 'neutral'} />
      <Link to={archivePath(gap.cameraId, gap.startEpochMs)} className={styles.name}>
        {name ?? t`Deleted camera`}
      </Link>
      <span className={styles.cause}>
        {cause}
        {gap.detail && gap.detail.replace(/\.$/, '') !== cause ? <small>{gap.detail}</small> : null}
      </span>
      <span className={styles.when}>
        {formatSpan((gap.endEpochMs ?? nowEpochMs) - gap.startEpochMs)}
        <small>{gapSpanWords(gap, range, nowEpochMs)}</small>
      </span>
    </li>
  );
}
