/** Handles of the selected line or zone: large enough for a finger, moved by dragging or with the arrow keys. */
import { t } from '@lingui/core/macro';
import { type KeyboardEvent, type PointerEvent, type RefObject, useRef } from 'react';
import type { Point } from '../../../shared/geometry.ts';
import { pointsOfSelection, useDraft } from './draft-store.ts';
import { addCorner, deleteCorner, replacePoints } from './editor-actions.ts';
import styles from './PictureEditor.module.css';
import { clampPoint } from './shape-geometry.ts';

const STEP = 0.002;
const LARGE_STEP = 0.02;

export function EditorHandles({ frame }: { frame: RefObject<HTMLDivElement | null> }) {
  const { draft, selection } = useDraft();
  const dragged = useRef<number | null>(null);
  if (!draft || !selection) return null;
  const points = pointsOfSelection(draft, selection);
  const isZone = selection.kind !== 'line';

  const put = (index: number, point: Point) =>
    replacePoints(
      selection,
      points.map((one, at) => (at === index ? clampPoint(point) : one)),
    );

  function onPointerMove(event: PointerEvent) {
    if (dragged.current === null || !frame.current) return;
    const box = frame.current.getBoundingClientRect();
    put(dragged.current, {
      x: (event.clientX - box.left) / box.width,
      y: (event.clientY - box.top) / box.height,
    });
  }

  function onKeyDown(event: KeyboardEvent, index: number) {
    const step = event.shiftKey ? LARGE_STEP : STEP;
    const dx = event.key === 'ArrowRight' ? step : event.key === 'ArrowLeft' ? -step : 0;
    const dy = event.key === 'ArrowDown' ? step : event.key === 'ArrowUp' ? -step : 0;
    const point = points[index]!;
    if (dx !== 0 || dy !== 0) put(index, { x: point.x + dx, y: point.y + dy });
    else if (event.key === 'Delete' || event.key === 'Backspace') deleteCorner(selection, index);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <>
      {isZone &&
        points.map((point, index) => {
          const next = points[(index + 1) % points.length]!;
          const middle = { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
          return (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: corners have no identity but their place
              key={index}
              type="button"
              className={styles.adder}
              style={{ left: `${middle.x * 100}%`, top: `${middle.y * 100}%` }}
              aria-label={t`Add corner after ${index + 1}`}
              onClick={() => addCorner(selection, index, clampPoint(middle))}
            />
          );
        })}
      {points.map((point, index) => (
        <button
          // biome-ignore lint/suspicious/noArrayIndexKey: corners have no identity but their place
          key={index}
          type="button"
          className={styles.handle}
          style={{ left: `${point.x * 100}%`, top: `${point.y * 100}%` }}
          aria-label={handleWords(isZone, index + 1, point)}
          onPointerDown={(event) => {
            dragged.current = index;
            event.currentTarget.setPointerCapture(event.pointerId);
            event.stopPropagation();
          }}
          onPointerMove={onPointerMove}
          onPointerUp={() => {
            dragged.current = null;
          }}
          onPointerCancel={() => {
            dragged.current = null;
          }}
          onKeyDown={(event) => onKeyDown(event, index)}
        />
      ))}
    </>
  );
}

function handleWords(isZone: boolean, number: number, { x, y }: Point): string {
  const [left, top] = [Math.round(x * 100), Math.round(y * 100)];
  return isZone
    ? t`Corner ${number}, ${left} % from the left, ${top} % from the top`
    : t`End ${number}, ${left} % from the left, ${top} % from the top`;
}
