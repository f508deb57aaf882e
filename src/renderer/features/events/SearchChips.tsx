/** What was searched for: a chip per word, and one for the time; each can be taken away. */
import { t } from '@lingui/core/macro';
import { X } from 'lucide-react';
import { formatMoment } from '../../client/time-format.ts';
import styles from './EventFilterBar.module.css';
import type { EventFilters } from './event-query.ts';

export function SearchChips({
  filters,
  onChange,
}: {
  filters: Pick<EventFilters, 'words' | 'span'>;
  onChange: (part: Partial<EventFilters>) => void;
}) {
  const { words, span } = filters;
  return (
    <>
      {words.map((word) => (
        <SearchChip
          key={word}
          text={word}
          onRemove={() => onChange({ words: words.filter((one) => one !== word) })}
        />
      ))}
      {span && <SearchChip text={wordsOfSpan(span)} onRemove={() => onChange({ span: null })} />}
    </>
  );
}

function SearchChip({ text, onRemove }: { text: string; onRemove: () => void }) {
  return (
    <span className={styles.chip} data-set>
      <span className={styles.word}>{text}</span>
      <button type="button" className={styles.clear} aria-label={t`Remove ${text}`} onClick={onRemove}>
        <X size={14} aria-hidden="true" />
      </button>
    </span>
  );
}

function wordsOfSpan({ fromEpochMs, toEpochMs }: NonNullable<EventFilters['span']>): string {
  const now = Date.now();
  if (fromEpochMs === 0) return t`before ${formatMoment(toEpochMs, now)}`;
  return t`${formatMoment(fromEpochMs, now)} to ${formatMoment(toEpochMs, now)}`;
}
