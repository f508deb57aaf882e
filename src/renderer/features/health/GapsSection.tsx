/** The ledger: when nothing was stored and why, by camera and day, each with the way to the archive at that time. */
import { t } from '@lingui/core/macro';
import { Plural, Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { GapLedger } from '../../../shared/contract-health.ts';
import { api } from '../../client/api.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { useResource } from '../../client/resource.ts';
import { navigate, usePlace } from '../../client/router.tsx';
import { formatDay } from '../../client/time-format.ts';
import { Button } from '../../ui/Button.tsx';
import { Select } from '../../ui/Field.tsx';
import { Section } from '../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { Segments } from '../../ui/Tabs.tsx';
import { DayButton } from '../archive/DayButton.tsx';
import { GapRow } from './GapRow.tsx';
import styles from './GapsSection.module.css';
import { GapTotals } from './GapTotals.tsx';
import { type GapRange, parseGapRange } from './gap-range.ts';

const EVERY_MS = 10_000;
/** Rows that stand at first. */
const FEW = 10;
/** Rows that are asked for. */
const MOST = 200;

export function GapsSection() {
  const { query } = usePlace();
  const cameras = useCameras((state) => state.cameras);
  const nowEpochMs = Date.now();
  const range = parseGapRange(query.get('gaps'), nowEpochMs);
  const cameraId = query.get('camera') ?? '';
  const { startEpochMs, endEpochMs } = range;
  const found = useResource(
    `gaps:${startEpochMs}:${endEpochMs}:${cameraId}`,
    (signal) =>
      api.gaps(
        {
          ...{ fromEpochMs: startEpochMs, toEpochMs: endEpochMs, limit: MOST },
          ...(cameraId ? { cameraIds: cameraId } : {}),
        },
        signal,
      ),
    endEpochMs > nowEpochMs ? EVERY_MS : undefined,
  );
  const name = cameras?.find(({ id }) => id === cameraId)?.name;
  return (
    <Section
      title={t`Gaps`}
      note={t`When nothing was stored, and why. Time that was not wanted is left out.`}
    >
      <Filters range={range} cameraId={cameraId} />
      {found.error && <ErrorNote onRetry={found.refresh}>{found.error}</ErrorNote>}
      {!found.value && !found.error && (
        <Loading label={t`Loading gaps`} className={styles.loading}>
          <Skeleton height={44} />
          <Skeleton height={44} />
        </Loading>
      )}
      {found.value?.gaps.length === 0 && (
        <p className={styles.quiet}>
          {name
            ? t`No gaps ${range.words}. Everything wanted of ${name} is stored.`
            : t`No gaps ${range.words}. Everything wanted is stored.`}
        </p>
      )}
      {found.value && found.value.gaps.length > 0 && (
        <Ledger key={`${startEpochMs} ${endEpochMs} ${cameraId}`} ledger={found.value} range={range} />
      )}
    </Section>
  );
}

function Filters({ range, cameraId }: { range: GapRange; cameraId: string }) {
  const cameras = useCameras((state) => state.cameras) ?? [];
  const go = (gaps: string, camera: string) =>
    navigate(`/health?${new URLSearchParams({ gaps, ...(camera ? { camera } : {}) })}`, { replace: true });
  const asked = range.choice === 'day' ? String(range.startEpochMs) : range.choice;
  return (
    <div className={styles.filters}>
      <Segments
        label={t`Days of the gaps`}
        value={range.choice}
        onValue={(choice) => go(choice, cameraId)}
        options={[
          { value: 'today', label: t`Today` },
          { value: 'yesterday', label: t`Yesterday` },
          { value: 'week', label: t`7 days` },
        ]}
      />
      <DayButton
        dayEpochMs={range.choice === 'week' ? Date.now() : range.startEpochMs}
        label={range.choice === 'day' ? formatDay(range.startEpochMs) : t`Other day`}
        onDay={(day) => go(String(day), cameraId)}
      />
      <Select
        label={t`Camera of the gaps`}
        hideLabel
        className={styles.camera}
        value={cameraId}
        onValue={(id) => go(asked, id)}
        options={[
          { value: '', label: t`All cameras` },
          ...cameras.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
    </div>
  );
}

function Ledger({ ledger, range }: { ledger: GapLedger; range: GapRange }) {
  const [all, setAll] = useState(false);
  const { gaps, totals } = ledger;
  const shown = all ? gaps : gaps.slice(0, FEW);
  const left = totals.reduce((sum, { count }) => sum + count, 0) - gaps.length;
  return (
    <>
      <GapTotals totals={totals} />
      <div>
        <ul className={styles.gaps} aria-label={t`Gaps, the newest first`}>
          {shown.map((gap) => (
            <GapRow key={`${gap.cameraId} ${gap.startEpochMs}`} gap={gap} range={range} />
          ))}
        </ul>
        {shown.length < gaps.length && (
          <Button tone="quiet" className={styles.more} onClick={() => setAll(true)}>
            <Trans>Show {gaps.length - shown.length} more</Trans>
          </Button>
        )}
        {shown.length === gaps.length && left > 0 && (
          <p className={styles.quiet}>
            <Plural
              value={left}
              one="# earlier gap is not listed. Choose a camera or a day to see them."
              other="# earlier gaps are not listed. Choose a camera or a day to see them."
            />
          </p>
        )}
      </div>
    </>
  );
}
