/** How much the wall shows, from what needs somebody to every single event, and in words what is left out. */
import { t } from '@lingui/core/macro';
import type { EventLevel } from '../../client/event-rank.ts';
import { Segments } from '../../ui/Tabs.tsx';
import styles from './EventsPage.module.css';
import type { EventFilters } from './event-query.ts';

const LEVELS: ReadonlyArray<{ value: EventLevel; label: string; words: string }> = [
  {
    value: 'incidents',
    label: t`Incidents`,
    words: t`Tailgating, loitering, crowds, intrusion, doors forced or left open, cameras tampered with.`,
  },
  {
    value: 'visits',
    label: t`Visits`,
    words: t`Incidents, doors, and one picture of each person, vehicle or animal. Zones and motion are hidden.`,
  },
  {
    value: 'everything',
    label: t`Everything`,
    words: t`Zones entered and left and plain motion too.`,
  },
];

export function EventScope({
  filters,
  onLevel,
}: {
  filters: EventFilters;
  onLevel: (level: EventLevel) => void;
}) {
  const chosen = filters.types.length > 0;
  return (
    <div className={styles.scope}>
      <Segments
        label={t`How much is shown`}
        value={chosen ? '' : filters.level}
        onValue={(value) => onLevel(LEVELS.find((level) => level.value === value)?.value ?? 'visits')}
        options={LEVELS}
      />
      <p>
        {chosen
          ? t`Only the chosen kinds of event.`
          : LEVELS.find(({ value }) => value === filters.level)?.words}
      </p>
    </div>
  );
}
