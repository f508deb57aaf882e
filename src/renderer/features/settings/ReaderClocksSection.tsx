/** Readers whose clock is not the cameras': what is seen of it, and what their reports are corrected by. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { ReaderClock } from '../../../shared/access.ts';
import { accessApi } from '../../client/access-api.ts';
import { api } from '../../client/api.ts';
import { useResource } from '../../client/resource.ts';
import { Button } from '../../ui/Button.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { Section } from '../../ui/Page.tsx';
import { ErrorNote } from '../../ui/States.tsx';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import { estimateWords, isOff } from './reader-clock-words.ts';
import styles from './SettingsPage.module.css';

export function ReaderClocksSection() {
  const { value, error, refresh, put } = useResource('reader-clocks', accessApi.readerClocks);
  const readers = useResource('readers', api.readers);
  if (value?.length === 0) return null;
  const nameOf = (deviceId: string) =>
    readers.value?.find((reader) => reader.deviceId === deviceId)?.deviceName ?? deviceId;
  return (
    <Section
      title={t`Readers’ clocks`}
      note={t`A reader whose clock is wrong seems to unlock too early or too late, and people look like tailgaters. Its reports are corrected by what is set here, from now on.`}
    >
      {error && <ErrorNote onRetry={refresh}>{error}</ErrorNote>}
      <div className={styles.rows}>
        {value?.map((clock) => (
          <ClockRow key={clock.deviceId} clock={clock} name={nameOf(clock.deviceId)} onSaved={put} />
        ))}
      </div>
    </Section>
  );
}

function ClockRow({
  clock,
  name,
  onSaved,
}: {
  clock: ReaderClock;
  name: string;
  onSaved: (clocks: ReaderClock[]) => void;
}) {
  const [seconds, setSeconds] = useState(clock.offsetSeconds);
  const [busy, setBusy] = useState(false);
  async function save(offsetSeconds: number) {
    setBusy(true);
    try {
      onSaved(await accessApi.putReaderClock(clock.deviceId, offsetSeconds));
      setSeconds(offsetSeconds);
      showToast(t`Clock corrected`);
    } catch (thrown) {
      showProblem(thrown);
    } finally {
      setBusy(false);
    }
  }
  const { estimate } = clock;
  return (
    <div className={styles.clock} data-off={isOff(clock) || undefined}>
      <div>
        <strong className={styles.tokenName}>{name}</strong>
        <p className={styles.quiet}>{estimateWords(clock)}</p>
      </div>
      <NumberField
        label={t`Clock of ${name} is ahead by, in seconds`}
        hideLabel
        className={styles.clockField}
        value={seconds}
        min={-86_400}
        max={86_400}
        step={0.5}
        unit={t`s ahead`}
        onValue={setSeconds}
      />
      {seconds !== clock.offsetSeconds ? (
        <Button tone="primary" busy={busy} onClick={() => void save(seconds)}>
          <Trans>Save</Trans>
        </Button>
      ) : (
        isOff(clock) &&
        estimate && (
          <Button busy={busy} onClick={() => void save(estimate.offsetSeconds)}>
            <Trans>Use {estimate.offsetSeconds} s</Trans>
          </Button>
        )
      )}
    </div>
  );
}
