/** All events as a wall of pictures, newest first, by hour; filters as chips; new ones come in without moving what is read. */
import { t } from '@lingui/core/macro';
import { useEffect, useLayoutEffect, useMemo } from 'react';
import { navigate, usePlace } from '../../client/router.tsx';
import { onServerConnected, onServerMessage } from '../../client/server-events.ts';
import { Page } from '../../ui/Page.tsx';
import { EventFilterBar } from './EventFilterBar.tsx';
import { EventScope } from './EventScope.tsx';
import { EventWall } from './EventWall.tsx';
import { buildFilterQuery, type EventFilters, parseFilters } from './event-query.ts';
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
    <Page title={t`Events`} actions={<EventFilterBar filters={filters} onFilters={setFilters} />}>
      <EventScope filters={filters} onLevel={(level) => setFilters({ ...filters, types: [], level })} />
      <EventWall
        filtered={buildFilterQuery(filters) !== ''}
        onClear={() => navigate('/events', { replace: true })}
      />
    </Page>
  );
}

/** Coming back from an opened event, the wall stands where it was left. */
let leftAtPx = 0;
function useScrollMemory(): void {
  // In the commit that takes the page away, before its shrinking is told as a scroll to the top.
  useLayoutEffect(() => {
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
