/** The line and the objects' ways over the clip, moved with the picture that is on screen. */
import { type RefObject, useEffect, useRef } from 'react';
import type { Line } from '../../../shared/domain-camera.ts';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import type { ArchivePlayer } from '../archive/player/archive-player.ts';
import styles from './ClipPlayer.module.css';
import { boxAt, type DrawnTrack, footAt, forwardArrow, tracksOf, trailOf } from './track-overlay.ts';

export interface TrackOverlayProps {
  event: NvrEvent;
  line: Line | undefined;
  player: RefObject<ArchivePlayer | null>;
  /** Width by height. */
  aspect: number;
}

export function TrackOverlay({ event, line, player, aspect }: TrackOverlayProps) {
  const svg = useRef<SVGSVGElement>(null);
  const tracks = tracksOf(event);
  const drawn = useRef(tracks);
  drawn.current = tracks;
  useEffect(() => {
    let frame = 0;
    let shown = Number.NaN;
    const paint = () => {
      frame = requestAnimationFrame(paint);
      const at = player.current?.pictureEpochMs;
      if (at === undefined || at === shown || !svg.current) return;
      shown = at;
      for (const track of drawn.current) placeTrack(svg.current, track, at);
    };
    paint();
    return () => cancelAnimationFrame(frame);
  }, [player]);
  const [a, b] = line?.points ?? [];
  const arrow = a && b ? forwardArrow(a, b, aspect) : null;
  return (
    <svg ref={svg} className={styles.overlay} viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
      {a && b && arrow && (
        <g className={styles.line}>
          <line x1={a.x} y1={a.y} x2={b.x} y2={b.y} className={styles.halo} />
          <line x1={a.x} y1={a.y} x2={b.x} y2={b.y} />
          <path d={arrow} className={styles.halo} />
          <path d={arrow} />
        </g>
      )}
      {tracks.map((track) => (
        <g
          key={track.id}
          data-track={track.id}
          data-alarm={track.alarm || undefined}
          className={styles.track}
        >
          <path className={styles.halo} data-part="trail" />
          <path data-part="trail" />
          <rect data-part="box" rx={0.004} />
          <path data-part="foot" className={styles.foot} />
        </g>
      ))}
    </svg>
  );
}

function placeTrack(svg: SVGSVGElement, track: DrawnTrack, atMs: number): void {
  const group = svg.querySelector(`[data-track="${track.id}"]`);
  if (!group) return;
  const foot = footAt(track.path, atMs);
  const box = foot && boxAt(track, foot);
  for (const part of group.querySelectorAll<SVGElement>('[data-part="trail"]'))
    part.setAttribute('d', trailOf(track.path, atMs));
  // A dot of the same size in any picture: a line without length with round ends.
  group.querySelector('[data-part="foot"]')?.setAttribute('d', foot ? `M${foot.x} ${foot.y}h0` : '');
  const rect = group.querySelector('[data-part="box"]');
  for (const name of ['x', 'y', 'width', 'height'] as const)
    rect?.setAttribute(name, String(box?.[name] ?? 0));
  rect?.setAttribute('visibility', box ? 'visible' : 'hidden');
}
