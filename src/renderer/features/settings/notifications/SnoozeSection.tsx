/** Quiet for a while: everything, or one camera that is being worked on. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
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
  { value: '30', label: t`30 minutes` },
  { value: '60', label: t`1 hour` },
  { value: '240', label: t`4 hours` },
  { value: '1440', label: t`24 hours` },
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
      title={t`Quiet for a while`}
      note={t`No rule tells anything meanwhile. Events and alerts are kept all the same.`}
      actions={
        snoozes.length > 0 && (
          <Button busy={busy} onClick={() => void run(notificationsApi.endSnoozes)}>
            <Trans>Tell again</Trans>
          </Button>
        )
      }
    >
      {snoozes.map((snooze) => (
        <p key={snooze.cameraId ?? 'all'} className={styles.quiet}>
          {snoozeWords(
            snooze.cameraId === null
              ? null
              : (cameras.find(({ id }) => id === snooze.cameraId)?.name ?? t`A camera that is gone`),
            formatMoment(snooze.untilEpochMs),
          )}
        </p>
      ))}
      <form
        className={settingsStyles.form}
        aria-label={t`Quiet for a while`}
        onSubmit={(event) => {
          event.preventDefault();
          const wanted = { cameraId: cameraId === '' ? null : cameraId, minutes: Number(minutes) };
          void run(() => notificationsApi.snooze(wanted));
        }}
      >
        <div className={styles.half}>
          <Select
            label={t`Of`}
            value={cameraId}
            options={[
              { value: '', label: t`Everything` },
              ...cameras.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onValue={setCameraId}
          />
          <Select label={t`For`} value={minutes} options={LENGTHS} onValue={setMinutes} />
        </div>
        <div className={settingsStyles.actions}>
          <Button type="submit" busy={busy}>
            <Trans>Keep quiet</Trans>
          </Button>
        </div>
      </form>
    </Section>
  );
}
