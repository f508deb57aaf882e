/** The pictures by hour, with what stands in their place while there are none, and the end that loads more. */
import { plural, t } from '@lingui/core/macro';
import { Plural, Trans } from '@lingui/react/macro';
import { ArrowUp, ImageOff } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { groupVisits } from '../../client/event-rank.ts';
import { formatDay, formatTime, formatZone } from '../../client/time-format.ts';
import { useModelAdvice } from '../../client/use-model-advice.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState, ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { EventCard } from './EventCard.tsx';
import styles from './EventsPage.module.css';
import { groupByHour } from './event-query.ts';
import { useEvents } from './events-store.ts';

export function EventWall({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const events = useEvents((state) => state.events);
  const problem = useEvents((state) => state.problem);
  const filters = useEvents((state) => state.filters);
  const advice = useModelAdvice(events?.length === 0);
  const top = useRef<HTMLDivElement>(null);
  const hours = useMemo(() => groupByHour(groupVisits(events ?? [])), [events]);
  useWatch(top, '0px', (visible) => useEvents.setState({ atTop: visible }));
  if (!events && problem && filters) {
    return (
      <ErrorNote onRetry={() => void useEvents.getState().open(filters)}>
        <Trans>The events cannot be shown. {problem}</Trans>
      </ErrorNote>
    );
  }
  return (
    <div className={styles.wall}>
      <div ref={top} className={styles.top} />
      <WaitingNote top={top} />
      {!events && <WallSkeleton />}
      {events?.length === 0 && (
        <EmptyState
          icon={ImageOff}
          title={filtered ? t`No event fits these filters` : t`Nothing has happened yet`}
          action={
            filtered ? (
              <Button onClick={onClear}>
                <Trans>Show all events</Trans>
              </Button>
            ) : undefined
          }
        >
          {filtered
            ? t`Remove a filter, or choose other days.`
            : advice
              ? t`People and vehicles are not recognised. ${advice}`
              : t`People, vehicles and animals appear here as the cameras see them. Draw a line on a camera to know who crosses it.`}
        </EmptyState>
      )}
      {hours.map((group) => (
        <Hour key={group.hourEpochMs} group={group} />
      ))}
      {events && events.length > 0 && <WallEnd />}
    </div>
  );
}

function Hour({ group }: { group: ReturnType<typeof groupByHour>[number] }) {
  const count = group.visits.length;
  return (
    <section
      className={styles.hour}
      aria-label={`${formatDay(group.dayEpochMs)}, ${formatTime(group.hourEpochMs)}`}
    >
      <h2 className={styles.hourHead}>
        <span>{formatDay(group.dayEpochMs)}</span>
        <span className={styles.hourTime}>
          <Trans>
            {formatTime(group.hourEpochMs)} to {formatTime(group.hourEpochMs + 3_600_000)}{' '}
            {formatZone(group.hourEpochMs)}
          </Trans>
        </span>
        <span className={styles.count}>
          <Plural value={count} one="# event" other="# events" />
        </span>
      </h2>
      <ul className={styles.grid}>
        {group.visits.map(({ event }) => (
          <EventCard key={event.id} event={event} />
        ))}
      </ul>
    </section>
  );
}

function WaitingNote({ top }: { top: React.RefObject<HTMLDivElement | null> }) {
  const count = useEvents((state) => state.waiting.length);
  if (count === 0) return null;
  return (
    <div className={styles.waiting}>
      <Button
        tone="primary"
        icon={ArrowUp}
        onClick={() => {
          useEvents.getState().showWaiting();
          top.current?.scrollIntoView({ behavior: 'smooth', block: 'center' });
        }}
      >
        {plural(count, { one: '# new event', other: '# new events' })}
      </Button>
    </div>
  );
}

/** The end of what is loaded: coming near it loads more. */
function WallEnd() {
  const end = useRef<HTMLDivElement>(null);
  const nextCursor = useEvents((state) => state.nextCursor);
  const problem = useEvents((state) => state.problem);
  useWatch(
    end,
    '800px',
    (visible) => {
      if (visible) void useEvents.getState().loadMore();
    },
    nextCursor,
  );
  if (problem) {
    return (
      <ErrorNote onRetry={() => void useEvents.getState().loadMore()}>
        <Trans>No more events could be loaded. {problem}</Trans>
      </ErrorNote>
    );
  }
  return (
    <div ref={end} className={styles.end}>
      {nextCursor === null ? t`That is all.` : t`Loading more`}
    </div>
  );
}

function WallSkeleton() {
  return (
    <Loading label={t`Loading events`}>
      <Skeleton width={220} height={20} style={{ marginBottom: 16 }} />
      <div className={styles.grid}>
        {Array.from({ length: 12 }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
          <div key={index} className={styles.placeholder}>
            <Skeleton height="100%" style={{ aspectRatio: '16 / 9' }} />
            <Skeleton width="80%" />
            <Skeleton width="45%" height={12} />
          </div>
        ))}
      </div>
    </Loading>
  );
}

function useWatch(
  target: React.RefObject<HTMLElement | null>,
  margin: string,
  onVisible: (visible: boolean) => void,
  again?: unknown,
): void {
  const latest = useRef(onVisible);
  latest.current = onVisible;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `again` asks once more when the target is still in view
  useEffect(() => {
    if (!target.current) return;
    const observer = new IntersectionObserver(([entry]) => latest.current(entry!.isIntersecting), {
      rootMargin: margin,
    });
    observer.observe(target.current);
    return () => observer.disconnect();
  }, [target, margin, again]);
}
