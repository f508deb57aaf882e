/** Totals per line and hour of the day that is shown: bars for in and out, and the file for a spreadsheet. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Download } from 'lucide-react';
import { useMemo } from 'react';
import type { LineCount } from '../../../shared/access.ts';
import type { CameraView } from '../../../shared/contract-cameras.ts';
import { MINUTE_MS } from '../../../shared/units.ts';
import { accessApi } from '../../client/access-api.ts';
import { useResource } from '../../client/resource.ts';
import { addDays, formatTime } from '../../client/time-format.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/States.tsx';
import styles from './CountsSection.module.css';
import { buildCsv, buildLineRows, hoursOf, type LineRow } from './count-table.ts';

const STEP_MS = 15 * MINUTE_MS;
const REFRESH_MS = 30_000;
const GROUPS: Record<LineCount['group'], string> = {
  person: t`people`,
  vehicle: t`vehicles`,
  cycle: t`bicycles and motorcycles`,
  pet: t`animals`,
};

export function CountsSection({ day, cameras }: { day: number; cameras: readonly CameraView[] }) {
  const end = addDays(day, 1);
  const { value, error, refresh } = useResource(
    `counts:${day}`,
    (signal) => accessApi.counts({ fromEpochMs: day, toEpochMs: end, stepMs: STEP_MS }, signal),
    REFRESH_MS,
  );
  const hours = useMemo(() => hoursOf(day, end), [day, end]);
  const rows = useMemo(() => (value ? buildLineRows(value, hours) : []), [value, hours]);
  if (error)
    return (
      <ErrorNote onRetry={refresh}>
        <Trans>The totals cannot be shown. {error}</Trans>
      </ErrorNote>
    );
  if (rows.length === 0) return null;
  const nameOf = (id: string) => cameras.find((camera) => camera.id === id)?.name ?? id;
  return (
    <section aria-labelledby="counts">
      <header className={styles.head}>
        <h2 id="counts">
          <Trans>Totals per hour</Trans>
        </h2>
        <Button tone="quiet" icon={Download} onClick={() => save(buildCsv(rows, hours, nameOf), day)}>
          <Trans>Save as CSV</Trans>
        </Button>
      </header>
      <ul className={styles.lines}>
        {rows.map((row) => (
          <Row
            key={`${row.cameraId} ${row.line} ${row.group}`}
            row={row}
            hours={hours}
            cameraName={nameOf(row.cameraId)}
          />
        ))}
      </ul>
    </section>
  );
}

function Row({ row, hours, cameraName }: { row: LineRow; hours: readonly number[]; cameraName: string }) {
  const most = Math.max(...row.hours.map((hour) => Math.max(hour.in, hour.out)));
  const height = (count: number) => `${(100 * count) / most}%`;
  return (
    <li className={styles.line}>
      <div className={styles.words}>
        <strong>{row.line}</strong>
        <span>
          {cameraName}, {GROUPS[row.group]}
        </span>
        <span className={styles.total}>
          <Trans>
            {row.totalIn} in, {row.totalOut} out
          </Trans>
        </span>
      </div>
      <div className={styles.bars}>
        {row.hours.map((hour, index) => {
          const start = hours[index]!;
          const words = t`${formatTime(start)}: ${hour.in} in, ${hour.out} out`;
          return (
            <div key={start} className={styles.hour} title={words}>
              <span className={styles.in} style={{ height: height(hour.in) }} />
              <span className={styles.out} style={{ height: height(hour.out) }} />
              <span className="visually-hidden">{words}</span>
              {index % 6 === 0 && (
                <span className={styles.tick} aria-hidden="true">
                  {formatTime(start)}
                </span>
              )}
            </div>
          );
        })}
      </div>
    </li>
  );
}

function save(csv: string, day: number): void {
  const date = new Date(day);
  const two = (value: number) => String(value).padStart(2, '0');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([csv], { type: 'text/csv' }));
  link.download = `${t`crossings`} ${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
