/** All cameras side by side, as large as the area allows. */
import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { CameraView } from '../../../shared/contract-cameras.ts';
import { aspectOf } from '../../client/camera-words.ts';
import { fitGrid, type GridLayout, stackColumn } from './fit-grid.ts';
import styles from './LiveGrid.module.css';
import { LiveTile } from './LiveTile.tsx';
import { useLive } from './live-store.ts';

const GAP = 4;
const PHONE_WIDTH = 560;

export function LiveGrid({
  cameras,
  onFocusCamera,
}: {
  cameras: CameraView[];
  onFocusCamera: (id: string) => void;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() =>
      setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const shape = cameras.map(({ status }) => aspectOf(status).toFixed(4)).join(' ');
  const layout = useMemo<GridLayout>(() => {
    const aspects = shape === '' ? [] : shape.split(' ').map(Number);
    return size.width < PHONE_WIDTH
      ? stackColumn(aspects, size.width, GAP)
      : fitGrid(aspects, { ...size, gap: GAP });
  }, [shape, size]);

  return (
    <div ref={frame} className={styles.frame} data-column={size.width < PHONE_WIDTH || undefined}>
      <div className={styles.grid} style={{ height: layout.height }}>
        {cameras.map((camera, index) => {
          const rect = layout.rects[index];
          return (
            rect && (
              <LiveTile
                key={camera.id}
                camera={camera}
                rect={rect}
                onFocusCamera={() => onFocusCamera(camera.id)}
                onMoved={(draggedId) => moveBefore(cameras, draggedId, camera.id)}
                onKeyDown={(event) => onTileKey(event, layout, index, () => onFocusCamera(camera.id))}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

function onTileKey(event: KeyboardEvent, layout: GridLayout, index: number, focus: () => void): void {
  if (event.target !== event.currentTarget) return; // a button within the tile has the focus
  if (event.key === 'Enter') {
    event.preventDefault();
    focus();
    return;
  }
  const next = neighbour(layout, index, event.key);
  if (next === null) return;
  event.preventDefault();
  const tiles = event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('[data-camera]');
  tiles?.[next]?.focus();
}

/** The tile next to `index` in the direction of an arrow key, or null. */
function neighbour({ rects }: GridLayout, index: number, key: string): number | null {
  const from = rects[index];
  if (!from) return null;
  if (key === 'ArrowRight') return index + 1 < rects.length ? index + 1 : null;
  if (key === 'ArrowLeft') return index > 0 ? index - 1 : null;
  const sign = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
  if (sign === 0) return null;
  const centre = from.x + from.width / 2;
  let best: { index: number; distance: number } | null = null;
  for (const [other, rect] of rects.entries()) {
    const rise = (rect.y - from.y) * sign;
    if (rise < 1) continue;
    const distance = rise * 4 + Math.abs(rect.x + rect.width / 2 - centre);
    if (!best || distance < best.distance) best = { index: other, distance };
  }
  return best?.index ?? null;
}

function moveBefore(cameras: CameraView[], draggedId: string, targetId: string): void {
  if (draggedId === targetId) return;
  const ids = cameras.map(({ id }) => id);
  const from = ids.indexOf(draggedId);
  const to = ids.indexOf(targetId);
  if (from < 0 || to < 0) return;
  ids.splice(from, 1);
  ids.splice(to, 0, draggedId);
  useLive.getState().setOrder(ids);
}
