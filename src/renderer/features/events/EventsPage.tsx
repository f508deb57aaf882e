/** All events as a wall of pictures, newest first, by hour; filters as chips; new ones come in without moving what is read. */
import { ArrowUp, ImageOff } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { navigate, usePlace } from '../../client/router.tsx';
import { onServerConnected, onServerMessage } from '../../client/server-events.ts';
import { formatDay, formatTime, formatZone } from '../../client/time-format.ts';
import { Button } from '../../ui/Button.tsx';
import { Page } from '../../ui/Page.tsx';
import { EmptyState, ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { EventCard } from './EventCard.tsx';
import { EventFilterBar } from './EventFilterBar.tsx';
import styles from './EventsPage.module.css';
import { buildFilterQuery, type EventFilters, groupByHour, parseFilters } from './event-query.ts';
import { useEvents } from './events-store.ts';

export function EventsPage() {
  const { query } = usePlace();
  const key = query.toString();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is compared by its words
  const filters = useMemo(() => parseFilters(query), [key]);
  useEffect(() => {
    const { filters: before, events, open } = useEvents.getState();
    // Coming back from an opened event, the wall stands as it was left.
    const same = before !== null && events !== null && buildFilterQuery(before) === buildFilterQuery(filters);
    if (same) void useEvents.getState().catchUp();
    else void open(filters);
  }, [filters]);
  useEffect(() => {
    const stopMessages = onServerMessage((message) => {
      if (message.kind === 'event') useEvents.getState().take(message.event);
    });
    const stopConnected = onServerConnected(() => void useEvents.getState().catchUp());
    return () => {
      stopMessages();
      stopConnected();
    };
  }, []);
  useScrollMemory();
  const setFilters = (next: EventFilters) => {
    const text = buildFilterQuery(next);
    navigate(text === '' ? '/events' : `/events?${text}`, { replace: true });
  };
  return (
    <Page title="Events" actions={<EventFilterBar filters={filters} onFilters={setFilters} />}>
      <Wall
        filtered={buildFilterQuery(filters) !== ''}
        onClear={() => navigate('/events', { replace: true })}
      />
    </Page>
  );
}

/** Coming back from an opened event, the wall stands where it was left. */
let leftAtPx = 0;
function useScrollMemory(): void {
  useEffect(() => {
    const main = document.querySelector('main');
    if (!main) return;
    const kept = useEvents.getState().events === null ? 0 : leftAtPx;
    // After the shell has put the new page to its top.
    const frame = requestAnimationFrame(() => main.scrollTo(0, kept));
    const onScroll = () => {
      leftAtPx = main.scrollTop;
    };
    main.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      main.removeEventListener('scroll', onScroll);
    };
  }, []);
}

function Wall({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const events = useEvents((state) => state.events);
  const problem = useEvents((state) => state.problem);
  const filters = useEvents((state) => state.filters);
  const top = useRef<HTMLDivElement>(null);
  useWatch(top, '0px', (visible) => useEvents.setState({ atTop: visible }));
  if (!events && problem && filters) {
    return (
      <ErrorNote onRetry={() => void useEvents.getState().open(filters)}>
        The events cannot be shown. {problem}
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
          title={filtered ? 'No event fits these filters' : 'Nothing has happened yet'}
          action={filtered ? <Button onClick={onClear}>Show all events</Button> : undefined}
        >
          {filtered
            ? 'Remove a filter, or choose other days.'
            : 'People, vehicles and animals appear here as the cameras see them. Draw a line on a camera to know who crosses it.'}
        </EmptyState>
      )}
      {events && groupByHour(events).map((group) => <Hour key={group.hourEpochMs} group={group} />)}
      {events && events.length > 0 && <WallEnd />}
    </div>
  );
}

function Hour({ group }: { group: ReturnType<typeof groupByHour>[number] }) {
  const count = group.events.length;
  return (
    <section
      className={styles.hour}
      aria-label={`${formatDay(group.dayEpochMs)}, ${formatTime(group.hourEpochMs)}`}
    >
      <h2 className={styles.hourHead}>
        <span>{formatDay(group.dayEpochMs)}</span>
        <span className={styles.hourTime}>
          {formatTime(group.hourEpochMs)} to {formatTime(group.hourEpochMs + 3_600_000)}{' '}
          {formatZone(group.hourEpochMs)}
        </span>
        <span className={styles.count}>
          {count} {count === 1 ? 'event' : 'events'}
        </span>
      </h2>
      <ul className={styles.grid}>
        {group.events.map((event) => (
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
        {count === 1 ? '1 new event' : `${count} new events`}
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
        No more events could be loaded. {problem}
      </ErrorNote>
    );
  }
  return (
    <div ref={end} className={styles.end}>
      {nextCursor === null ? 'That is all.' : 'Loading more'}
    </div>
  );
}

function WallSkeleton() {
  return (
    <Loading label="Loading events">
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
