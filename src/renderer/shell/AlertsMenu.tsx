/** The bell: alarms that nobody has looked at, and cameras that need attention. */
import { Bell } from 'lucide-react';
import { useCameras } from '../client/cameras-store.ts';
import { eventWords } from '../client/event-words.ts';
import { navigate } from '../client/router.tsx';
import { formatSince } from '../client/time-format.ts';
import { Button } from '../ui/Button.tsx';
import { Menu } from '../ui/Menu.tsx';
import styles from './AlertsMenu.module.css';
import { useAlerts } from './alerts-store.ts';
import { listAnalysisProblems, listProblems } from './recording-figure.ts';

export function AlertsMenu() {
  const cameras = useCameras((state) => state.cameras);
  const { alarms, seenEpochMs, markSeen } = useAlerts();
  const problems = listProblems(cameras ?? []);
  const slow = listAnalysisProblems(cameras ?? []);
  const unseen = alarms.filter(({ endEpochMs }) => endEpochMs > seenEpochMs).length;
  const count = unseen + problems.length;
  return (
    <div
      className={styles.bell}
      data-hue={unseen > 0 ? 'alarm' : problems.length > 0 ? 'degraded' : undefined}
    >
      <Menu
        onOpen={markSeen}
        trigger={
          <Button
            tone="quiet"
            icon={Bell}
            aria-label={count === 0 ? 'Alerts, nothing needs attention' : `Alerts, ${count} need attention`}
          >
            {count > 0 && <span className="tabular">{count}</span>}
          </Button>
        }
        groups={
          alarms.length + problems.length + slow.length === 0
            ? [[{ label: 'Nothing needs attention', disabled: true, onSelect: () => {} }]]
            : [
                alarms.map((event) => ({
                  key: event.id,
                  label: `${eventWords(event)}, ${event.cameraName}, ${formatSince(event.startEpochMs)}`,
                  hue: 'alarm' as const,
                  onSelect: () => navigate(`/events/${event.id}`),
                })),
                problems.map((problem) => ({
                  key: problem.cameraId,
                  label: `${problem.cameraName}: ${problem.words}, since ${formatSince(problem.sinceEpochMs)}`,
                  hue: 'degraded' as const,
                  onSelect: () => navigate(`/cameras/${problem.cameraId}`),
                })),
                slow.map(({ words, cameraNames }) => ({
                  key: words,
                  label: `${words} (${cameraNames.join(', ')})`,
                  onSelect: () => navigate('/health'),
                })),
              ]
        }
      />
    </div>
  );
}
