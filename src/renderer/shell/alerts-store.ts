/**
 * Tailgating and forced doors that nobody has looked at yet (what was seen is kept in this browser), and alerts about the recorder itself,
 * which the engine keeps.
 */
import { t } from '@lingui/core/macro';
import { useEffect } from 'react';
import { create } from 'zustand';
import type { NvrEvent } from '../../shared/domain-events.ts';
import type { Alert } from '../../shared/domain-storage.ts';
import { DAY_MS } from '../../shared/units.ts';
import { alertHue, alertPlace, alertTitle } from '../client/alert-words.ts';
import { api } from '../client/api.ts';
import { eventWords, isAlarm } from '../client/event-words.ts';
import { navigate } from '../client/router.tsx';
import { onServerConnected, onServerMessage } from '../client/server-events.ts';
import { may } from '../features/session/session-store.ts';
import { showToast } from '../ui/Toast.tsx';

const KEY = 'threshold.alerts.seen';
const MOST = 8;
const MOST_ALERTS = 30;

interface AlertsState {
  /** Newest first. */
  alarms: NvrEvent[];
  /** Those that last first, then the newest. */
  alerts: Alert[];
  seenEpochMs: number;
  markSeen(): void;
}

export const useAlerts = create<AlertsState>((set) => ({
  alarms: [],
  alerts: [],
  seenEpochMs: Number(localStorage.getItem(KEY) ?? 0),
  markSeen() {
    const seenEpochMs = Date.now();
    localStorage.setItem(KEY, String(seenEpochMs));
    set({ seenEpochMs });
  },
}));

/** Keeps the alarms of the last day fresh while mounted, and shows each new one; the shell does this once, for those who may know. */
export function useAlertsFeed(wanted: boolean): void {
  useEffect(() => {
    if (!wanted) return;
    const fetchAlarms = () =>
      api.events({ types: 'tailgating,access', fromEpochMs: Date.now() - DAY_MS, limit: 100 }).then(
        ({ items }) => useAlerts.setState({ alarms: items.filter(isAlarm).slice(0, MOST) }),
        (thrown) => console.warn('alarms could not be fetched', thrown),
      );
    const fetchAlerts = () =>
      api.alerts({ limit: MOST_ALERTS }).then(
        (alerts) => useAlerts.setState({ alerts }),
        (thrown) => console.warn('alerts could not be fetched', thrown),
      );
    const fetchAll = () => void Promise.all([fetchAlarms(), fetchAlerts()]);
    fetchAll();
    const stopOpen = onServerConnected(fetchAll);
    const stopMessages = onServerMessage((message) => {
      if (message.kind === 'event' && isAlarm(message.event)) addAlarm(message.event);
      if (message.kind === 'alert') putAlert(message.alert);
      if (message.kind === 'notification') notifySystem(message.title, message.body, message.place);
    });
    return () => {
      stopOpen();
      stopMessages();
    };
  }, [wanted]);
}

function addAlarm(event: NvrEvent): void {
  useAlerts.setState(({ alarms }) => ({
    alarms: [event, ...alarms.filter(({ id }) => id !== event.id)].slice(0, MOST),
  }));
  showToast(`${eventWords(event)}, ${event.cameraName}`, {
    tone: 'alarm',
    action: { label: t`Show`, run: () => navigate(`/events/${event.id}`) },
  });
}

/** Puts in what the engine told of an alert; says so when it began or is over. */
export function putAlert(alert: Alert): void {
  const { alerts } = useAlerts.getState();
  const before = alerts.find(({ id }) => id === alert.id);
  const others = alerts.filter(({ id }) => id !== alert.id);
  const order = (one: Alert) => (one.endEpochMs === null ? Number.MAX_SAFE_INTEGER : one.startEpochMs);
  useAlerts.setState({
    alerts: [alert, ...others]
      .sort((a, b) => order(b) - order(a) || b.startEpochMs - a.startEpochMs)
      .slice(0, MOST_ALERTS),
  });
  const isNew = !before && alert.endEpochMs === null;
  const isOver = alert.endEpochMs !== null && before?.endEpochMs === null;
  if (!isNew && !isOver) return;
  const text = isNew ? alertTitle(alert) : t`Back to normal. ${alertTitle(alert)}`;
  showToast(text, {
    tone: alertHue(alert) === 'alarm' ? 'alarm' : 'plain',
    action: { label: t`Show`, run: () => navigate(alertPlace(alert, may('administrator'))) },
  });
  notifySystem(alert.cameraName ?? 'Threshold NVR', isNew ? `${alert.words} ${alert.advice}` : text);
}

/** The desktop app shows its own notifications, also while its window is closed; a browser does where it was permitted. */
function notifySystem(title: string, body: string, place?: string): void {
  if (window.desktop || document.visibilityState === 'visible') return;
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  const note = new Notification(title, { body });
  note.onclick = () => {
    window.focus();
    if (place !== undefined) navigate(place);
  };
}
