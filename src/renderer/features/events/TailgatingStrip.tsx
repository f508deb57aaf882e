/** Why it is tailgating, at a glance: the unlock, the time it admits people, and everyone who went through, on one axis. */
import { t } from '@lingui/core/macro';
import { KeyRound, UserRound } from 'lucide-react';
import type { TailgatingFacts } from '../../../shared/domain-events.ts';
import { formatTimeSeconds } from '../../client/time-format.ts';
import styles from './TailgatingStrip.module.css';
import { planStrip } from './tailgating-strip.ts';

export function TailgatingStrip({
  facts,
  onSeek,
}: {
  facts: TailgatingFacts;
  onSeek: (epochMs: number) => void;
}) {
  const plan = planStrip(facts);
  return (
    <section className={styles.strip} aria-label={t`What happened when`}>
      <p className={styles.reason}>{plan.reason}</p>
      <div className={styles.axis}>
        {plan.window && (
          <span
            className={styles.window}
            style={{
              left: `${plan.window.from * 100}%`,
              width: `${(plan.window.to - plan.window.from) * 100}%`,
            }}
          >
            <span>{plan.window.words}</span>
          </span>
        )}
        {plan.points.map((point) => (
          <button
            key={point.key}
            type="button"
            className={styles.point}
            data-kind={point.kind}
            data-above={point.above || undefined}
            style={{ left: `${point.share * 100}%` }}
            aria-label={t`${point.words} at ${formatTimeSeconds(point.atMs)}`}
            onClick={() => onSeek(point.atMs)}
          >
            {point.kind === 'unlock' ? (
              <KeyRound size={14} aria-hidden="true" />
            ) : (
              <UserRound size={14} aria-hidden="true" />
            )}
          </button>
        ))}
      </div>
      <ol className={styles.list}>
        {plan.points.map((point) => (
          <li key={point.key} data-kind={point.kind}>
            <time dateTime={new Date(point.atMs).toISOString()}>{formatTimeSeconds(point.atMs)}</time>
            <span>{point.words}</span>
            <span className={styles.offset}>{point.offsetWords}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
