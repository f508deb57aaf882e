/** Cameras by days: how much of what was wanted is stored. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMemo } from 'react';
import { api } from '../../client/api.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { useResource } from '../../client/resource.ts';
import { Link, navigate } from '../../client/router.tsx';
import { formatDay, formatShare } from '../../client/time-format.ts';
import { Section } from '../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { Tooltip } from '../../ui/Tooltip.tsx';
import { useMay } from '../session/session-store.ts';
import styles from './CompletenessMap.module.css';
import { arrangeCompleteness, dayOf, lastDays, levelOf } from './completeness-grid.ts';

const DAYS = 30;
const EVERY_MS = 60_000;
const LEGEND = [
  { level: 'whole', label: t`Whole` },
  { level: 'nearly', label: t`Over 99 %` },
  { level: 'partly', label: t`Over 90 %` },
  { level: 'little', label: t`Less` },
] as const;

export function CompletenessMap() {
  const isAdministrator = useMay('administrator');
  const cameras = useCameras((state) => state.cameras);
  const found = useResource('completeness', (signal) => api.completeness(DAYS, signal), EVERY_MS);
  const days = useMemo(() => lastDays(dayOf(Date.now()), DAYS), []);
  const rows = arrangeCompleteness(
    found.value ?? [],
    (cameras ?? []).map(({ id }) => id),
    days,
  );
  return (
    <Section
      title={t`Completeness`}
      note={t`How much of the footage that was wanted is stored, for the last ${DAYS} days.`}
      actions={<Legend />}
    >
      {found.error && <ErrorNote onRetry={found.refresh}>{found.error}</ErrorNote>}
      {(!found.value || !cameras) && !found.error && (
        <Loading label={t`Loading completeness`} className={styles.loading}>
          <Skeleton height={20} />
          <Skeleton height={20} />
          <Skeleton height={20} />
        </Loading>
      )}
      {cameras?.length === 0 && (
        <p className={styles.empty}>
          {isAdministrator ? (
            <Trans>
              No camera yet. <Link to="/cameras/new">Add a camera</Link> and its days appear here.
            </Trans>
          ) : (
            t`No camera for this account.`
          )}
        </p>
      )}
      {found.value && cameras && cameras.length > 0 && (
        <table className={styles.map}>
          <colgroup>
            <col className={styles.nameColumn} />
          </colgroup>
          <thead className="visually-hidden">
            <tr>
              <th>
                <Trans>Camera</Trans>
              </th>
              {days.map((day) => (
                <th key={day}>{day}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ cameraId, days: shares }) => (
              <tr key={cameraId}>
                <th scope="row">
                  <Link to={isAdministrator ? `/cameras/${cameraId}` : `/live?camera=${cameraId}`}>
                    {cameras.find(({ id }) => id === cameraId)?.name}
                  </Link>
                </th>
                {shares.map((share, index) => (
                  <Day key={days[index]} cameraId={cameraId} day={days[index]!} share={share} />
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot aria-hidden="true">
            <tr>
              <td />
              {days.map((day, index) => (
                <td key={day} className={styles.tick}>
                  {index % 7 === (DAYS - 1) % 7 ? <span>{shortDay(day)}</span> : null}
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      )}
    </Section>
  );
}

function Day({ cameraId, day, share }: { cameraId: string; day: string; share: number | null }) {
  const start = startOf(day);
  if (share === null)
    return (
      <td>
        <span className={styles.day} data-level="unwanted">
          <span className="visually-hidden">
            <Trans>Nothing wanted</Trans>
          </span>
        </span>
      </td>
    );
  const words = t`${formatDay(start)}: ${formatShare(share)} recorded`;
  return (
    <td>
      <Tooltip text={words}>
        <button
          type="button"
          className={styles.day}
          data-level={levelOf(share)}
          aria-label={words}
          onClick={() => navigate(`/archive?camera=${cameraId}&at=${start + 12 * 3_600_000}`)}
        />
      </Tooltip>
    </td>
  );
}

function Legend() {
  return (
    <ul className={styles.legend}>
      {LEGEND.map(({ level, label }) => (
        <li key={level}>
          <span className={styles.day} data-level={level} />
          {label}
        </li>
      ))}
    </ul>
  );
}

function startOf(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date).getTime();
}

function shortDay(day: string): string {
  const words = formatDay(startOf(day));
  return words.replace(/^\w+,? /, '');
}
