/** Per door and day: who unlocked above, who went through below, joined where they match; what does not match is red. */
import { t } from '@lingui/core/macro';
import { Plural, Trans } from '@lingui/react/macro';
import { DoorOpen, Minus, Plus } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { AccessView } from '../../../shared/contract.ts';
import type { CameraView } from '../../../shared/contract-cameras.ts';
import { MINUTE_MS } from '../../../shared/units.ts';
import { api } from '../../client/api.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { useResource } from '../../client/resource.ts';
import { Link, usePlace } from '../../client/router.tsx';
import { onServerMessage } from '../../client/server-events.ts';
import { addDays, startOfDay } from '../../client/time-format.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Page } from '../../ui/Page.tsx';
import { EmptyState, ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { may } from '../session/session-store.ts';
import { AccessList } from './AccessList.tsx';
import styles from './AccessPage.module.css';
import { CountsSection } from './CountsSection.tsx';
import { DayPicker } from './DayPicker.tsx';
import { DoorChart, Ruler } from './DoorChart.tsx';
import { type DoorDay, matchDoor } from './match-access.ts';
import { useTimeView } from './use-time-view.ts';

export interface Door {
  camera: CameraView;
  day: DoorDay;
}

export function AccessPage() {
  const { query } = usePlace();
  const asked = Number(query.get('day') ?? Number.NaN);
  const day = startOfDay(Number.isFinite(asked) ? asked : Date.now());
  const cameras = useCameras((state) => state.cameras);
  const { value, error, refresh } = useResource(`access:${day}`, (signal) =>
    api.access({ fromEpochMs: day, toEpochMs: addDays(day, 1) }, signal),
  );
  useEffect(
    () =>
      onServerMessage((message) => {
        if (message.kind !== 'event') return;
        const { type, startEpochMs } = message.event;
        const matters = type === 'access' || type === 'line-crossing' || type === 'tailgating';
        if (matters && startOfDay(startEpochMs) === day) refresh();
      }),
    [day, refresh],
  );
  const doors = useMemo(() => (value && cameras ? doorsOf(value, cameras) : null), [value, cameras]);
  return (
    <Page title={t`Access`} actions={<DayPicker day={day} />}>
      {error && (
        <ErrorNote onRetry={refresh}>
          <Trans>What the doors reported cannot be shown. {error}</Trans>
        </ErrorNote>
      )}
      {!doors && !error && (
        <Loading label={t`Loading access`} className={styles.loading}>
          <Skeleton height={28} />
          <Skeleton height={112} />
          <Skeleton height={220} />
        </Loading>
      )}
      {doors?.length === 0 && <NoDoors cameras={cameras ?? []} />}
      {doors && doors.length > 0 && <Doors doors={doors} day={day} cameras={cameras ?? []} />}
    </Page>
  );
}

function Doors({
  doors: all,
  day,
  cameras,
}: {
  doors: readonly Door[];
  day: number;
  cameras: readonly CameraView[];
}) {
  const guarded = all.filter(isGuarded);
  const unguarded = all.length - guarded.length;
  const [everywhere, setEverywhere] = useState(false);
  const doors = everywhere || guarded.length === 0 ? all : guarded;
  const plot = useRef<HTMLDivElement>(null);
  const bounds = { startEpochMs: day, endEpochMs: addDays(day, 1) };
  const axis = useTimeView(plot, busyRange(doors, day), bounds);
  return (
    <>
      <section className={styles.charts} aria-label={t`Unlocks and people over time`}>
        <header className={styles.legend}>
          <span data-kind="unlock">
            <Trans>Unlock</Trans>
          </span>
          <span data-kind="admitted">
            <Trans>Person, let in</Trans>
          </span>
          <span data-kind="free">
            <Trans>Person, no unlock needed</Trans>
          </span>
          <span data-kind="tailgating">
            <Trans>Tailgating</Trans>
          </span>
          <span className={styles.zoom}>
            <IconButton icon={Minus} label={t`Zoom out`} onClick={() => axis.zoom(0.5)} />
            <IconButton icon={Plus} label={t`Zoom in`} onClick={() => axis.zoom(2)} />
            <Button tone="quiet" onClick={() => axis.show(bounds)}>
              <Trans>Whole day</Trans>
            </Button>
          </span>
        </header>
        <div ref={plot} className={styles.plot}>
          <Ruler view={axis.view} />
          {doors.map((door) => (
            <DoorChart key={door.camera.id} door={door} view={axis.view} />
          ))}
        </div>
      </section>
      {guarded.length > 0 && unguarded > 0 && (
        <p className={styles.others}>
          <Plural
            value={unguarded}
            one="# camera counts people on a line without a reader."
            other="# cameras count people on a line without a reader."
          />{' '}
          <Button tone="quiet" aria-pressed={everywhere} onClick={() => setEverywhere(!everywhere)}>
            {everywhere ? t`Show doors only` : t`Show those too`}
          </Button>
        </p>
      )}
      <CountsSection day={day} cameras={cameras} />
      <AccessList doors={doors} onShow={axis.show} />
    </>
  );
}

function NoDoors({ cameras }: { cameras: readonly CameraView[] }) {
  const withReaders = cameras.some((camera) => camera.readers.length > 0);
  if (withReaders) {
    return (
      <EmptyState icon={DoorOpen} title={t`Nobody came through on this day`}>
        <Trans>Unlocks and people who cross a door's line appear here as they happen.</Trans>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={DoorOpen}
      title={t`No doors yet`}
      action={
        may('administrator') && (
          <Link to="/cameras">
            <Trans>Go to the cameras</Trans>
          </Link>
        )
      }
    >
      <Trans>
        Draw a line across a doorway on a camera and assign its reader. Unlocks and people are then shown side
        by side.
      </Trans>
    </EmptyState>
  );
}

/** Cameras with something to show, those with trouble first. Vehicles count only where a reader lets them in. */
function doorsOf(view: AccessView, cameras: readonly CameraView[]): Door[] {
  const of = (list: AccessView['unlocks'], id: string) => list.filter((event) => event.cameraId === id);
  return cameras
    .map((camera) => ({
      camera,
      day: matchDoor(
        {
          unlocks: of(view.unlocks, camera.id),
          crossings: of(view.crossings, camera.id).filter(
            ({ detail }) => camera.readers.length > 0 || detail.label === 'person',
          ),
          tailgatings: of(view.tailgatings, camera.id),
        },
        camera,
      ),
    }))
    .filter(
      ({ day }) => day.unlocks.length + day.passages.length + day.alarms.length + day.tailgatings.length > 0,
    )
    .sort((a, b) => troublesOf(b) - troublesOf(a));
}

function troublesOf({ day }: Door): number {
  return day.tailgatings.length + day.alarms.length;
}

/** A line without a reader counts people, but nobody is let in there. */
function isGuarded({ camera, day }: Door): boolean {
  return camera.readers.length + day.unlocks.length + troublesOf({ camera, day }) > 0;
}

/** From the first to the last report of the day, so that a quiet night takes no room; at least half an hour. */
function busyRange(doors: readonly Door[], day: number) {
  const times = doors.flatMap(({ day: { unlocks, passages, alarms } }) => [
    ...unlocks.map((event) => event.startEpochMs),
    ...alarms.map((event) => event.startEpochMs),
    ...passages.map((passage) => passage.crossing.startEpochMs),
  ]);
  const first = Math.min(...times, addDays(day, 1));
  const last = Math.max(...times, day);
  // On whole quarters of an hour, so that a new report rarely moves the axis.
  const quarter = 15 * MINUTE_MS;
  const startEpochMs = Math.floor(first / quarter) * quarter;
  return {
    startEpochMs,
    endEpochMs: Math.max(startEpochMs + 2 * quarter, Math.ceil(last / quarter) * quarter),
  };
}
