/** Quiet for a while: everything, or one camera that is being worked on. */
import { useState } from 'react';
import type { NotificationsView, Snooze } from '../../../../shared/notifications.ts';
import { useCameras } from '../../../client/cameras-store.ts';
import { notificationsApi } from '../../../client/notifications-api.ts';
import { formatMoment } from '../../../client/time-format.ts';
import { Button } from '../../../ui/Button.tsx';
import { Select } from '../../../ui/Field.tsx';
import { Section } from '../../../ui/Page.tsx';
import { showProblem } from '../../../ui/Toast.tsx';
import settingsStyles from '../SettingsPage.module.css';
import styles from './Notifications.module.css';
import { snoozeWords } from './rule-words.ts';

const LENGTHS = [
  { value: '30', label: '30 minutes' },
  { value: '60', label: '1 hour' },
  { value: '240', label: '4 hours' },
  { value: '1440', label: '24 hours' },
] as const;

export function SnoozeSection({
  snoozes,
  onChanged,
}: {
  snoozes: readonly Snooze[];
  onChanged: (view: NotificationsView) => void;
}) {
  const cameras = useCameras((state) => state.cameras) ?? [];
  const [cameraId, setCameraId] = useState('');
  const [minutes, setMinutes] = useState<string>(LENGTHS[1].value);
  const [busy, setBusy] = useState(false);
  async function run(action: () => Promise<NotificationsView>) {
    setBusy(true);
    try {
      onChanged(await action());
    } catch (thrown) {
      showProblem(thrown);
    } finally {
      setBusy(false);
    }
  }
  return (
    <Section
      title="Quiet for a while"
      note="No rule tells anything meanwhile. Events and alerts are kept all the same."
      actions={
        snoozes.length > 0 && (
          <Button busy={busy} onClick={() => void run(notificationsApi.endSnoozes)}>
            Tell again
          </Button>
        )
      }
    >
      {snoozes.map((snooze) => (
        <p key={snooze.cameraId ?? 'all'} className={styles.quiet}>
          {snoozeWords(
            snooze.cameraId === null
              ? null
              : (cameras.find(({ id }) => id === snooze.cameraId)?.name ?? 'A camera that is gone'),
            formatMoment(snooze.untilEpochMs),
          )}
        </p>
      ))}
      <form
        className={settingsStyles.form}
        aria-label="Quiet for a while"
        onSubmit={(event) => {
          event.preventDefault();
          const wanted = { cameraId: cameraId === '' ? null : cameraId, minutes: Number(minutes) };
          void run(() => notificationsApi.snooze(wanted));
        }}
      >
        <div className={styles.half}>
          <Select
            label="Of"
            value={cameraId}
            options={[
              { value: '', label: 'Everything' },
              ...cameras.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onValue={setCameraId}
          />
          <Select label="For" value={minutes} options={LENGTHS} onValue={setMinutes} />
        </div>
        <div className={settingsStyles.actions}>
          <Button type="submit" busy={busy}>
            Keep quiet
          </Button>
        </div>
      </form>
    </Section>
  );
}
