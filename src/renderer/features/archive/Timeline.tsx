/** The timeline: camera names, the painted lanes, the handles of the selection, and what is said about the point below the pointer. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { CameraView } from '../../../shared/contract-cameras.ts';
import { api } from '../../client/api.ts';
import { onServerMessage } from '../../client/server-events.ts';
import { formatMoment, formatZone } from '../../client/time-format.ts';
import { useMotionSearch } from '../motion-search/motion-search-store.ts';
import { useArchive } from './archive-store.ts';
import { LaneNames } from './LaneNames.tsx';
import { SelectionHandles } from './SelectionHandles.tsx';
import styles from './Timeline.module.css';
import { TimelineCard } from './TimelineCard.tsx';
import { listenForGestures } from './timeline/gestures.ts';
import type { Hit } from './timeline/hit.ts';
import { totalHeight } from './timeline/hit.ts';
import { LaneSource } from './timeline/lane-source.ts';
import { TimelineController } from './timeline/timeline-controller.ts';
import type { ArchiveCommands } from './use-archive-commands.ts';

export interface TimelineProps {
  cameras: readonly CameraView[];
  commands: ArchiveCommands;
  controller: RefObject<TimelineController | null>;
}

export interface HoverPoint {
  x: number;
  hit: Hit;
  msPerPixel: number;
}

export function Timeline({ cameras, commands, controller }: TimelineProps) {
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const handles = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState<HoverPoint | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const cameraIds = cameras.map((camera) => camera.id);
  const live = useRef({ cameraIds, commands });
  live.current = { cameraIds, commands };

  useEffect(() => {
    const lanes = new LaneSource({
      fetch: (ids, tile, signal) =>
        api.timeline(
          {
            cameraIds: ids.join(','),
            fromEpochMs: tile.startEpochMs,
            toEpochMs: tile.endEpochMs,
            resolutionMs: tile.resolutionMs,
          },
          signal,
        ),
      now: Date.now,
      onChange: () => made.invalidate(),
      onProblem: setProblem,
    });
    const made = new TimelineController({
      host: host.current!,
      canvas: canvas.current!,
      lanes,
      now: Date.now,
      model: () => {
        const { shownCameraIds, playheadEpochMs, playing, selection, bounds } = useArchive.getState();
        const earliestEpochMs = bounds?.earliestEpochMs ?? null;
        const { search } = useMotionSearch.getState();
        return {
          cameraIds: live.current.cameraIds,
          shownCameraIds,
          playheadEpochMs,
          playing,
          selection,
          found: search,
          earliestEpochMs,
        };
      },
      onPainted: (view, following) => {
        placeHandles(handles.current, view);
        if (useArchive.getState().away === following) useArchive.setState({ away: !following });
      },
    });
    controller.current = made;
    made.start();
    const stopGestures = listenForGestures(canvas.current!, host.current!, {
      controller: made,
      seek: (epochMs, lane, withinMs) => {
        const cameraId = lane === null ? undefined : live.current.cameraIds[lane];
        const { shownCameraIds, showOnly } = useArchive.getState();
        if (cameraId && !shownCameraIds.includes(cameraId)) showOnly(cameraId);
        live.current.commands.seek(epochMs, withinMs);
      },
      hover: (point) => setHover(point && { x: point.x, hit: point.hit, msPerPixel: made.view.msPerPixel }),
    });
    const stopStore = useArchive.subscribe(() => made.invalidate());
    const stopSearch = useMotionSearch.subscribe(() => made.invalidate());
    const stopEvents = onServerMessage((message) => {
      if (message.kind === 'event') lanes.touch(message.event.startEpochMs);
      if (/^(locks-changed|bookmarks-changed|alert)$/.test(message.kind)) lanes.touchAll();
    });
    return () => {
      stopGestures();
      stopStore();
      stopSearch();
      stopEvents();
      made.stop();
      lanes.stop();
      controller.current = null;
    };
  }, [controller]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another number of lanes is another height
  useEffect(() => controller.current?.invalidate(), [cameras.length, controller]);

  return (
    <section className={styles.timeline} aria-label={t`Recordings over time`}>
      <LaneNames cameras={cameras} />
      <div className={styles.lanes} ref={host} style={{ minHeight: totalHeight(cameras.length) }}>
        <canvas ref={canvas} className={styles.canvas} />
        <SliderForReaders commands={commands} />
        <SelectionHandles root={handles} controller={controller} />
        {hover && (
          <TimelineCard hover={hover} cameras={cameras} box={host.current?.getBoundingClientRect() ?? null} />
        )}
        {problem && (
          <p className={styles.problem} role="alert">
            <Trans>The timeline is incomplete. {problem}</Trans>
          </p>
        )}
      </div>
    </section>
  );
}

/** The playhead as a slider for keyboards and screen readers; the canvas is only its picture. */
function SliderForReaders({ commands }: { commands: ArchiveCommands }) {
  const bounds = useArchive((state) => state.bounds);
  const seconds = useArchive((state) => Math.round(state.playheadEpochMs / 1000));
  return (
    <div
      className={styles.slider}
      role="slider"
      tabIndex={0}
      aria-label={t`Timeline`}
      aria-valuemin={Math.round((bounds?.earliestEpochMs ?? 0) / 1000)}
      aria-valuemax={Math.round((bounds?.latestEpochMs ?? Date.now()) / 1000)}
      aria-valuenow={seconds}
      aria-valuetext={`${formatMoment(seconds * 1000)} ${formatZone(seconds * 1000)}`}
      onKeyDown={(event) => {
        const days: Record<string, number> = { PageUp: -1, PageDown: 1 };
        const step = days[event.key];
        if (step === undefined) return;
        event.preventDefault();
        commands.move(step * 3_600_000);
      }}
    />
  );
}

/** Handles follow the painting in the same frame; through React they would lag behind it. */
function placeHandles(root: HTMLElement | null, view: TimelineController['view']): void {
  const { selection } = useArchive.getState();
  if (!root || !selection) return;
  for (const handle of root.querySelectorAll<HTMLElement>('[data-edge]')) {
    const epochMs = handle.dataset.edge === 'start' ? selection.startEpochMs : selection.endEpochMs;
    const x = view.widthPx / 2 + (epochMs - view.centreEpochMs) / view.msPerPixel;
    handle.style.transform = `translateX(${Math.min(Math.max(x, -60), view.widthPx + 60)}px)`;
  }
}
