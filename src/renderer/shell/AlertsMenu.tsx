/** The bell: alarms that nobody has looked at, and what is or was wrong with the recorder and its cameras. */
import { plural, t } from '@lingui/core/macro';
import { Bell, CheckCheck, Settings } from 'lucide-react';
import type { Alert } from '../../shared/domain-storage.ts';
import { alertDetail, alertHue, alertPlace, alertTitle, needsAttention } from '../client/alert-words.ts';
import { api } from '../client/api.ts';
import { useCameras } from '../client/cameras-store.ts';
import { eventWords } from '../client/event-words.ts';
import { navigate } from '../client/router.tsx';
import { formatSince } from '../client/time-format.ts';
import { may, useMay } from '../features/session/session-store.ts';
import { Button } from '../ui/Button.tsx';
import { Menu, type MenuAction } from '../ui/Menu.tsx';
import { showProblem } from '../ui/Toast.tsx';
import styles from './AlertsMenu.module.css';
import { useAlerts } from './alerts-store.ts';
import { listAnalysisProblems, listProblems } from './recording-figure.ts';

/** Of those that are over. */
const MOST_PAST = 6;

export function AlertsMenu() {
  const isAdministrator = useMay('administrator');
  const cameras = useCameras((state) => state.cameras) ?? [];
  const { alarms, alerts, seenEpochMs, markSeen } = useAlerts();
  const open = alerts.filter(({ endEpochMs }) => endEpochMs === null);
  const past = alerts.filter(({ endEpochMs }) => endEpochMs !== null).slice(0, MOST_PAST);
  // A camera that does not answer becomes an alert when it stays away; what is wrong with one that is there is said at once.
  const problems = listProblems(cameras.filter(({ status }) => status.state === 'online')).filter(
    ({ cameraId }) => !open.some((alert) => alert.cameraId === cameraId),
  );
  const slow = listAnalysisProblems(cameras);
  const unseen = alarms.filter(({ endEpochMs }) => endEpochMs > seenEpochMs).length;
  const wanting = open.filter(needsAttention);
  const count = unseen + wanting.length + problems.length;
  const isAlarm = unseen > 0 || wanting.some((alert) => alertHue(alert) === 'alarm');
  const groups: MenuAction[][] = [
    alarms.map((event) => ({
      key: event.id,
      label: `${eventWords(event)}, ${event.cameraName}, ${formatSince(event.startEpochMs)}`,
      hue: 'alarm' as const,
      onSelect: () => navigate(`/events/${event.id}`),
    })),
    [
      ...open.map(alertAction),
      ...problems.map((problem) => ({
        key: problem.cameraId,
        label: t`${problem.cameraName}: ${problem.words}, since ${formatSince(problem.sinceEpochMs)}`,
        hue: 'degraded' as const,
        onSelect: () =>
          navigate(isAdministrator ? `/cameras/${problem.cameraId}` : `/live?camera=${problem.cameraId}`),
      })),
    ],
    slow.map(({ words, cameraNames }) => ({
      key: words,
      label: `${words} (${cameraNames.join(', ')})`,
      onSelect: () => navigate('/health'),
    })),
    past.map(alertAction),
  ];
  const isEmpty = groups.every((group) => group.length === 0);
  const actions: MenuAction[] = [
    ...(wanting.length > 0
      ? [{ label: t`Acknowledge all`, icon: CheckCheck, onSelect: () => acknowledgeAll() }]
      : []),
    ...(isAdministrator
      ? [{ label: t`Where alerts go`, icon: Settings, onSelect: () => navigate('/settings?tab=alerts') }]
      : []),
  ];
  return (
    <div className={styles.bell} data-hue={isAlarm ? 'alarm' : count > 0 ? 'degraded' : undefined}>
      <Menu
        onOpen={markSeen}
        trigger={
          <Button
            tone="quiet"
            icon={Bell}
            aria-label={
              count === 0
                ? t`Alerts, nothing needs attention`
                : plural(count, { one: 'Alerts, # needs attention', other: 'Alerts, # need attention' })
            }
          >
            {count > 0 && <span className="tabular">{count}</span>}
          </Button>
        }
        groups={[
          ...(isEmpty
            ? [[{ label: t`Nothing needs attention`, disabled: true, onSelect: () => {} }]]
            : groups),
          actions,
        ]}
      />
    </div>
  );
}

/** Going to what an alert is about is taking note of it. */
function alertAction(alert: Alert): MenuAction {
  return {
    key: `alert ${alert.id}`,
    label: alertTitle(alert),
    detail: `${alertDetail(alert)}${alert.endEpochMs === null && alert.acknowledgedEpochMs !== null ? ' Acknowledged.' : ''}`,
    hue: alertHue(alert),
    onSelect: () => {
      if (needsAttention(alert)) api.acknowledgeAlert(alert.id).catch(showProblem);
      navigate(alertPlace(alert, may('administrator')));
    },
  };
}

function acknowledgeAll(): void {
  api.acknowledgeAlerts().catch(showProblem);
}
