/** What was found, as marks on the stretch of footage that was looked through. */
import type { Rehearsal, RehearsalHit } from '../../../../shared/rehearsal.ts';
import { eventHue } from '../../../client/event-words.ts';
import { formatMoment, formatTimeSeconds } from '../../../client/time-format.ts';
import styles from './Rehearsal.module.css';
import { clipTime } from './rehearsal-words.ts';

export function HitStrip({
  rehearsal,
  hits,
  isVideo,
}: {
  rehearsal: Rehearsal;
  hits: readonly RehearsalHit[];
  isVideo: boolean;
}) {
  const { fromMs, toMs, progress } = rehearsal;
  const place = (ms: number) => `${(100 * (ms - fromMs)) / (toMs - fromMs)}%`;
  const first = isVideo ? clipTime(0) : formatMoment(fromMs);
  const last = isVideo ? clipTime(toMs) : formatTimeSeconds(toMs);
  return (
    <div className={styles.strip}>
      <div className={styles.track} aria-hidden="true">
        <span className={styles.looked} style={{ width: `${(progress ?? 1) * 100}%` }} />
        {hits.map((hit) => (
          <span
            key={`${hit.type} ${hit.atMs} ${hit.detail.trackId ?? ''} ${hit.detail.line ?? hit.detail.zone ?? ''}`}
            className={styles.mark}
            data-hue={eventHue(hit)}
            style={{ left: place(hit.atMs) }}
          />
        ))}
      </div>
      <div className={styles.ends}>
        <span>{first}</span>
        <span>{last}</span>
      </div>
    </div>
  );
}
