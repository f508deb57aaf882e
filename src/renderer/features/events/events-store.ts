/** The wall of events: pages loaded so far, and those that came in while the user was reading further down. */
import { create } from 'zustand';
import type { EventPage } from '../../../shared/contract-archive.ts';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import { api } from '../../client/api.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { buildEngineQuery, type EventFilters, fitsFilters, mergeEvents } from './event-query.ts';

const PAGE_LENGTH = 60;
const MOST_EMPTY_PAGES = 20;

interface EventsState {
  filters: EventFilters | null;
  /** null until the first page is there. */
  events: NvrEvent[] | null;
  nextCursor: string | null;
  loading: boolean;
  problem: string | null;
  /** Came in meanwhile; shown when asked for, so that nothing moves under the pointer. */
  waiting: NvrEvent[];
  /** False while the wall is scrolled down: then new events wait. */
  atTop: boolean;
  open(filters: EventFilters): Promise<void>;
  loadMore(): Promise<void>;
  /** Fetches what was missed while the connection was lost. */
  catchUp(): Promise<void>;
  take(event: NvrEvent): void;
  showWaiting(): void;
}

let aborter = new AbortController();

export const useEvents = create<EventsState>((set, get) => ({
  filters: null,
  events: null,
  nextCursor: null,
  loading: false,
  problem: null,
  waiting: [],
  atTop: true,
  async open(filters) {
    aborter.abort();
    aborter = new AbortController();
    const { signal } = aborter;
    set({ filters, events: null, nextCursor: null, loading: true, problem: null, waiting: [], atTop: true });
    try {
      const page = await askPage(filters, null, signal);
      // What arrived on the socket meanwhile stays.
      set(({ events }) => ({
        events: mergeEvents(page.items, events ?? []),
        nextCursor: page.nextCursor,
        loading: false,
      }));
    } catch (thrown) {
      if (!signal.aborted) set({ loading: false, problem: wordsOf(thrown) });
    }
  },
  async loadMore() {
    const { filters, nextCursor, loading } = get();
    if (!filters || nextCursor === null || loading) return;
    const { signal } = aborter;
    set({ loading: true, problem: null });
    try {
      const page = await askPage(filters, nextCursor, signal);
      set(({ events }) => ({
        events: mergeEvents(events ?? [], page.items),
        nextCursor: page.nextCursor,
        loading: false,
      }));
    } catch (thrown) {
      if (!signal.aborted) set({ loading: false, problem: wordsOf(thrown) });
    }
  },
  async catchUp() {
    const { filters, events } = get();
    if (!filters || !events) return;
    try {
      const page = await askPage(filters, null, aborter.signal);
      for (const event of page.items) get().take(event);
    } catch {
      // The next connection tries again; the connection note already says that it is lost.
    }
  },
  take(event) {
    const { filters, events, waiting, atTop } = get();
    if (!filters || !fitsFilters(event, filters, zonedCameras())) return;
    const known = events?.some((one) => one.id === event.id);
    if (known || atTop) set({ events: mergeEvents(events ?? [], [event]) });
    else set({ waiting: mergeEvents(waiting, [event]) });
  },
  showWaiting: () =>
    set(({ events, waiting }) => ({ events: mergeEvents(events ?? [], waiting), waiting: [] })),
}));

/** A page of what belongs on the wall; pages on which nothing does are passed over. */
async function askPage(filters: EventFilters, from: string | null, signal: AbortSignal): Promise<EventPage> {
  const cameras = zonedCameras();
  const query = { ...buildEngineQuery(filters, cameras), limit: PAGE_LENGTH };
  for (let cursor = from, tries = 0; ; tries++) {
    const { items, nextCursor } = await api.events({ ...query, cursor: cursor ?? undefined }, signal);
    const fitting = items.filter((event) => fitsFilters(event, filters, cameras));
    if (fitting.length > 0 || nextCursor === null || tries === MOST_EMPTY_PAGES)
      return { items: fitting, nextCursor };
    cursor = nextCursor;
  }
}

function zonedCameras() {
  return useCameras.getState().cameras ?? [];
}

function wordsOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
