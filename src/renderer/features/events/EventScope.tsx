/** Says which events the wall shows and which it leaves out, and changes that. */

import styles from './EventsPage.module.css';
import { type EventFilters, hidesMinor } from './event-query.ts';

export function EventScope({
  filters,
  onMinor,
}: {
  filters: EventFilters;
  onMinor: (minor: boolean) => void;
}) {
  if (filters.types.length > 0) return null;
  const hidden = hidesMinor(filters);
  return (
    <p className={styles.scope}>
      {hidden
        ? 'One picture for each visit. Zones entered and left and plain motion are hidden.'
        : 'Everything, also zones entered and left and plain motion.'}{' '}
      <button type="button" onClick={() => onMinor(hidden)}>
        {hidden ? 'Show them too' : 'Hide those'}
      </button>
    </p>
  );
}
