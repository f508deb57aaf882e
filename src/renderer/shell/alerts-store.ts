/** Tailgating and forced doors that nobody has looked at yet. What was seen is kept in this browser. */
import { useEffect } from 'react';
import { create } from 'zustand';
import type { NvrEvent } from '../../shared/domain.ts';
import { DAY_MS } from '../../shared/units.ts';
import { api } from '../client/api.ts';
import { eventWords, isAlarm } from '../client/event-words.ts';
import { navigate } from '../client/router.tsx';
import { onServerConnected, onServerMessage } from '../client/server-events.ts';
import { showToast } from '../ui/Toast.tsx';

const KEY = 'threshold.alerts.seen';
const MOST = 8;

interface AlertsState {
  /** Newest first. */
  alarms: NvrEvent[];
  seenEpochMs: number;
  markSeen(): void;
}

export const useAlerts = create<AlertsState>((set) => ({
  alarms: [],
  seenEpochMs: Number(localStorage.getItem(KEY) ?? 0),
  markSeen() {
    const seenEpochMs = Date.now();
    localStorage.setItem(KEY, String(seenEpochMs));
    set({ seenEpochMs });
  },
}));

/** Keeps the alarms of the last day fresh while mounted, and shows each new one; the shell does this once. */
export function useAlertsFeed(): void {
  useEffect(() => {
    const fetchAlarms = () =>
      api.events({ types: 'tailgating,access', fromEpochMs: Date.now() - DAY_MS, limit: 100 }).then(
        ({ items }) => useAlerts.setState({ alarms: items.filter(isAlarm).slice(0, MOST) }),
        (thrown) => console.warn('alarms could not be fetched', thrown),
      );
    void fetchAlarms();
    const stopOpen = onServerConnected(() => void fetchAlarms());
    const stopMessages = onServerMessage((message) => {
      if (message.kind === 'event' && isAlarm(message.event)) addAlarm(message.event);
    });
    return () => {
      stopOpen();
      stopMessages();
    };
  }, []);
}

function addAlarm(event: NvrEvent): void {
  useAlerts.setState(({ alarms }) => ({
    alarms: [event, ...alarms.filter(({ id }) => id !== event.id)].slice(0, MOST),
  }));
  showToast(`${eventWords(event)}, ${event.cameraName}`, {
    tone: 'alarm',
    action: { label: 'Show', run: () => navigate(`/events/${event.id}`) },
  });
}
