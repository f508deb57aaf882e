/** Boxes of followed objects, and the camera's lines and zones, drawn over its picture. */
import { type RefObject, useEffect, useState } from 'react';
import type { CameraView } from '../../../shared/contract-cameras.ts';
import type { ServerMessage } from '../../../shared/contract-live.ts';
import { kindOfLabel } from '../../../shared/mark-kind.ts';
import type { LivePlayer } from '../../client/live/live-player.ts';
import { onServerMessage, watchTracks } from '../../client/server-events.ts';
import styles from './PictureOverlay.module.css';

type TracksMessage = Extract<ServerMessage, { kind: 'tracks' }>;

/** Analysis runs ahead of what the player shows: boxes wait for their picture. */
const MOST_WAITING = 150;
/** Boxes of a camera that says nothing more vanish. */
const STALE_MS = 2000;

export interface PictureOverlayProps {
  camera: CameraView;
  player: RefObject<LivePlayer | null>;
}

export function PictureOverlay({ camera, player }: PictureOverlayProps) {
  const tracks = useShownTracks(camera.id, player);
  return (
    <div className={styles.overlay} aria-hidden="true">
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" className={styles.drawing} aria-hidden="true">
        {camera.zones.map((zone) =>
          zone.polygons.map((polygon, index) => (
            <polygon
              // biome-ignore lint/suspicious/noArrayIndexKey: polygons have no names
              key={`${zone.name}-${index}`}
              className={styles.zone}
              points={polygon.points.map(({ x, y }) => `${x},${y}`).join(' ')}
            />
          )),
        )}
        {camera.lines.map(({ name, points: [a, b] }) =>
          a && b ? <line key={name} className={styles.line} x1={a.x} y1={a.y} x2={b.x} y2={b.y} /> : null,
        )}
      </svg>
      {tracks.map(({ trackId, label, confidence, box }) => (
        <div
          key={trackId}
          className={styles.box}
          data-hue={kindOfLabel(label)}
          style={{
            left: `${box.x * 100}%`,
            top: `${box.y * 100}%`,
            width: `${box.width * 100}%`,
            height: `${box.height * 100}%`,
          }}
        >
          <span className={styles.label} data-inside={box.y < 0.05 || undefined}>
            {label} {Math.round(confidence * 100)}
          </span>
        </div>
      ))}
    </div>
  );
}

/** The tracks that belong to the picture that is shown now. */
function useShownTracks(cameraId: string, player: RefObject<LivePlayer | null>): TracksMessage['tracks'] {
  const [shown, setShown] = useState<TracksMessage | null>(null);
  useEffect(() => {
    const waiting: TracksMessage[] = [];
    let current: TracksMessage | null = null;
    let heardAt = 0;
    let frame = 0;
    const stopWatching = watchTracks(cameraId);
    const stopHearing = onServerMessage((message) => {
      if (message.kind !== 'tracks' || message.cameraId !== cameraId) return;
      heardAt = performance.now();
      waiting.push(message);
      if (waiting.length > MOST_WAITING) waiting.shift();
    });
    const draw = () => {
      frame = requestAnimationFrame(draw);
      const moment = player.current?.displayedEpochMs() ?? Number.POSITIVE_INFINITY;
      const before = current;
      while (waiting[0] && waiting[0].atEpochMs <= moment) current = waiting.shift() ?? null;
      if (current && performance.now() - heardAt > STALE_MS) current = null;
      if (current !== before) setShown(current);
    };
    draw();
    return () => {
      cancelAnimationFrame(frame);
      stopWatching();
      stopHearing();
      setShown(null);
    };
  }, [cameraId, player]);
  return shown?.tracks ?? [];
}
