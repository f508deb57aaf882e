/** What happens while one looks: the newest events, which tiles are lit by them, and what is shown beside the pictures. */
import { useEffect } from 'react';
import { create } from 'zustand';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import { api } from '../../client/api.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { isOnLevel, typesOfLevel } from '../../client/event-rank.ts';
import { eventHue } from '../../client/event-words.ts';
import { onServerConnected, onServerMessage } from '../../client/server-events.ts';
import type { Hue } from '../../ui/Badge.tsx';

const MOST_EVENTS = 40;
const LIT_MS = 4000;
const KEYS = {
  overlay: 'threshold.live.overlay',
  strip: 'threshold.live.strip',
  order: 'threshold.live.order',
};

interface LiveState {
  /** Newest first; null until fetched. */
  events: NvrEvent[] | null;
  error: string | null;
  /** The tiles that an event lights now. */
  lit: Record<string, { hue: Hue; eventId: string }>;
  overlay: boolean;
  strip: boolean;
  /** Ids of cameras in the order the user put them; others follow. */
  order: string[];
  setOverlay(overlay: boolean): void;
  setStrip(strip: boolean): void;
  setOrder(order: string[]): void;
}

export const useLive = create<LiveState>((set) => ({
  events: null,
  error: null,
  lit: {},
  overlay: localStorage.getItem(KEYS.overlay) === 'true',
  strip: localStorage.getItem(KEYS.strip) !== 'false',
  order: readOrder(),
  setOverlay(overlay) {
    localStorage.setItem(KEYS.overlay, String(overlay));
    set({ overlay });
  },
  setStrip(strip) {
    localStorage.setItem(KEYS.strip, String(strip));
    set({ strip });
  },
  setOrder(order) {
    localStorage.setItem(KEYS.order, JSON.stringify(order));
    set({ order });
  },
}));

/** Keeps the newest events fresh while mounted, for those who may see events. */
export function useLiveFeed(wanted: boolean): void {
  useEffect(() => {
    if (!wanted) return;
    const fetchNewest = () =>
      api.events({ limit: MOST_EVENTS, types: typesOfLevel('visits', knownCameras()).join(',') }).then(
        ({ items }) =>
          useLive.setState({
            events: items.filter((event) => isOnLevel('visits', event, knownCameras())),
            error: null,
          }),
        (thrown: unknown) =>
          useLive.setState({ error: thrown instanceof Error ? thrown.message : String(thrown) }),
      );
    void fetchNewest();
    const stopOpen = onServerConnected(() => void fetchNewest());
    const stopMessages = onServerMessage((message) => {
      if (message.kind === 'event' && isOnLevel('visits', message.event, knownCameras()))
        addEvent(message.event);
    });
    return () => {
      stopOpen();
      stopMessages();
    };
  }, [wanted]);
}

/** Cameras in the user's order; those that the order does not know keep theirs behind it. */
export function sortByOrder<T extends { id: string }>(cameras: readonly T[], order: readonly string[]): T[] {
  const place = (id: string) => {
    const index = order.indexOf(id);
    return index < 0 ? order.length : index;
  };
  return [...cameras].sort((a, b) => place(a.id) - place(b.id));
}

function knownCameras() {
  return useCameras.getState().cameras ?? [];
}

function addEvent(event: NvrEvent): void {
  useLive.setState(({ events, lit }) => ({
    events: [event, ...(events ?? []).filter((one) => one.id !== event.id)].slice(0, MOST_EVENTS),
    lit: { ...lit, [event.cameraId]: { hue: eventHue(event), eventId: event.id } },
  }));
  setTimeout(() => {
    useLive.setState(({ lit }) => {
      if (lit[event.cameraId]?.eventId !== event.id) return { lit };
      const { [event.cameraId]: _, ...rest } = lit;
      return { lit: rest };
    });
  }, LIT_MS);
}

function readOrder(): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEYS.order) ?? '[]');
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  } catch {
    return []; // written by another version: the order begins afresh
  }
}
