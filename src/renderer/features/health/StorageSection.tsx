/** The disks: what is used, how long they last, the folders, and the limits at which the oldest footage goes. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { type FormEvent, useState } from 'react';
import type { z } from 'zod';
import type { StorageInputSchema, StorageView } from '../../../shared/contract-health.ts';
import { api } from '../../client/api.ts';
import { useResource } from '../../client/resource.ts';
import { formatBytes } from '../../client/time-format.ts';
import { Button } from '../../ui/Button.tsx';
import { Checkbox } from '../../ui/Field.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { Section } from '../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import { FoldersList } from './FoldersList.tsx';
import styles from './StorageSection.module.css';
import { forecastWords } from './storage-words.ts';

const GB = 1_000_000_000;

export function StorageSection() {
  const storage = useResource('storage', api.storage, 30_000);
  const { value } = storage;
  return (
    <Section title={t`Storage`} note={value ? forecastWords(value) : t`What is used and how long it lasts.`}>
      {storage.error && <ErrorNote onRetry={storage.refresh}>{storage.error}</ErrorNote>}
      {!value && !storage.error && (
        <Loading label={t`Loading storage`} className={styles.loading}>
          <Skeleton height={12} />
          <Skeleton height={20} width="50%" />
        </Loading>
      )}
      {value && <Usage storage={value} />}
      {value && <FoldersList folders={value.volumes} onChanged={storage.put} />}
      {value && (
        <LimitsForm
          key={`${value.maxBytes} ${value.minFreeBytes} ${value.lockCapShare}`}
          storage={value}
          onSaved={storage.put}
        />
      )}
    </Section>
  );
}

function Usage({ storage }: { storage: StorageView }) {
  const { usedBytes, freeBytes, totalBytes, bytesPerDay, lockedBytes } = storage;
  const other = Math.max(0, totalBytes - freeBytes - usedBytes);
  const percent = (bytes: number) => `${(bytes / Math.max(1, totalBytes)) * 100}%`;
  return (
    <div className={styles.usage}>
      <div
        className={styles.bar}
        role="img"
        aria-label={t`${formatBytes(usedBytes)} of ${formatBytes(totalBytes)} are footage`}
      >
        <span className={styles.used} style={{ width: percent(usedBytes) }} />
        <span className={styles.other} style={{ width: percent(other) }} />
      </div>
      <dl className={styles.figures}>
        <Figure name="Footage" value={formatBytes(usedBytes)} mark="used" />
        <Figure name={t`Other files`} value={formatBytes(other)} mark="other" />
        <Figure name="Free" value={formatBytes(freeBytes)} mark="free" />
        <Figure name="Locked" value={formatBytes(lockedBytes)} />
        <Figure
          name={t`Per day`}
          value={bytesPerDay === null ? t`Not known yet` : formatBytes(bytesPerDay)}
        />
      </dl>
    </div>
  );
}

function Figure({ name, value, mark }: { name: string; value: string; mark?: 'used' | 'other' | 'free' }) {
  return (
    <div>
      <dt>
        {mark && <span className={styles.mark} data-mark={mark} aria-hidden="true" />}
        {name}
      </dt>
      <dd>{value}</dd>
    </div>
  );
}

function LimitsForm({ storage, onSaved }: { storage: StorageView; onSaved: (storage: StorageView) => void }) {
  const [limited, setLimited] = useState(storage.maxBytes !== null);
  const [maxGb, setMaxGb] = useState(
    Math.max(1, Math.round((storage.maxBytes ?? storage.totalBytes * 0.8) / GB)),
  );
  const [minFreeGb, setMinFreeGb] = useState(Math.round((storage.minFreeBytes / GB) * 10) / 10);
  const [lockPercent, setLockPercent] = useState(Math.round(storage.lockCapShare * 100));
  const [busy, setBusy] = useState(false);
  const wanted: z.input<typeof StorageInputSchema> = {
    maxBytes: limited ? Math.round(maxGb * GB) : null,
    minFreeBytes: Math.round(minFreeGb * GB),
    lockCapShare: lockPercent / 100,
  };
  const dirty =
    wanted.maxBytes !== storage.maxBytes ||
    Math.abs(wanted.minFreeBytes - storage.minFreeBytes) > GB / 20 ||
    lockPercent !== Math.round(storage.lockCapShare * 100);
  const deletes = wanted.maxBytes !== null && wanted.maxBytes < storage.usedBytes;

  async function save(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    try {
      onSaved(await api.putStorage(wanted));
      showToast(t`Limits saved`);
    } catch (thrown) {
      showProblem(thrown);
      setBusy(false);
    }
  }

  return (
    <form className={styles.limits} onSubmit={(event) => void save(event)} aria-label={t`Storage limits`}>
      <Checkbox label={t`Limit footage`} checked={limited} onChecked={setLimited} />
      <div className={styles.fields}>
        {limited && (
          <NumberField
            label={t`At most`}
            value={maxGb}
            min={1}
            max={1_000_000}
            unit="GB"
            onValue={setMaxGb}
          />
        )}
        <NumberField
          label={t`Keep free`}
          value={minFreeGb}
          min={0}
          max={1_000_000}
          unit="GB"
          onValue={setMinFreeGb}
        />
        <NumberField
          label={t`Locks at most`}
          value={lockPercent}
          min={0}
          max={90}
          unit="%"
          onValue={setLockPercent}
        />
        <Button type="submit" disabled={!dirty} busy={busy}>
          <Trans>Save limits</Trans>
        </Button>
      </div>
      {deletes && (
        <ErrorNote>
          <Trans>
            {formatBytes(storage.usedBytes - (wanted.maxBytes ?? 0))} of the oldest footage will be deleted
            when you save.
          </Trans>
        </ErrorNote>
      )}
    </form>
  );
}
