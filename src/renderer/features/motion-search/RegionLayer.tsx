/** Over a picture of the archive: where to search is drawn here with the pointer, or placed with the keyboard; later it is shown. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import type { Box } from '../../../shared/geometry.ts';
import { moveRegion, regionBetween, resizeRegion } from '../exports/hidden-regions.ts';
import styles from './MotionSearch.module.css';
import { useMotionSearch } from './motion-search-store.ts';

const MIDDLE: Box = { x: 0.35, y: 0.35, width: 0.3, height: 0.3 };
const STEP = 0.02;
const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function RegionLayer({ cameraId, onDrawn }: { cameraId: string; onDrawn: (box: Box) => void }) {
  const drawing = useMotionSearch((state) => state.drawing);
  const asked = useMotionSearch((state) => (state.asked?.cameraId === cameraId ? state.asked.box : null));
  if (drawing) return <DrawingLayer onDrawn={onDrawn} />;
  return asked ? (
    <div className={styles.layer}>
      <Frame box={asked} />
    </div>
  ) : null;
}

function DrawingLayer({ onDrawn }: { onDrawn: (box: Box) => void }) {
  const layer = useRef<HTMLDivElement>(null);
  /** Where the one pointer that draws went down. */
  const start = useRef<{ pointerId: number; x: number; y: number } | null>(null);
  const [drawn, setDrawn] = useState<Box | null>(null);
  useEffect(() => layer.current?.focus(), []);
  /** In fractions of the whole picture, also where it is zoomed: the layer is as large as it. */
  const at = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  };
  const isDrawing = (event: PointerEvent) => start.current?.pointerId === event.pointerId;
  const onKeyDown = (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key];
    if (event.key === 'Enter' && drawn) onDrawn(drawn);
    else if (event.key === 'Escape') useMotionSearch.setState({ drawing: false });
    else if (arrow) {
      const change = event.shiftKey ? resizeRegion : moveRegion;
      setDrawn(drawn ? change(drawn, arrow[0] * STEP, arrow[1] * STEP) : MIDDLE);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: no element is an area to draw on
    <div
      ref={layer}
      className={styles.layer}
      data-drawing
      data-own-keys
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes the keys that place the box
      tabIndex={0}
      aria-label={t`Where to search for motion: draw with the pointer, or place with the arrow keys, with Shift for its size, and press Enter`}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        // The zoomed picture below would move along.
        event.stopPropagation();
        if (start.current) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { pointerId: event.pointerId, ...at(event) };
      }}
      onPointerMove={(event) => {
        if (isDrawing(event)) setDrawn(regionBetween(start.current!, at(event)));
      }}
      onPointerUp={(event) => {
        if (!isDrawing(event)) return;
        start.current = null;
        if (drawn) onDrawn(drawn);
      }}
      onLostPointerCapture={(event) => {
        if (!isDrawing(event)) return;
        start.current = null;
        setDrawn(null);
      }}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      {drawn && <Frame box={drawn} />}
    </div>
  );
}

/** Beside the picture that is zoomed, not in it. */
export function RegionAdvice() {
  const drawing = useMotionSearch((state) => state.drawing);
  if (!drawing) return null;
  return (
    <p className={styles.advice}>
      <Trans>Draw a box: when did something move in it?</Trans>
    </p>
  );
}

function Frame({ box }: { box: Box }) {
  return (
    <span
      className={styles.frame}
      style={{
        ...{ left: `${box.x * 100}%`, top: `${box.y * 100}%` },
        ...{ width: `${box.width * 100}%`, height: `${box.height * 100}%` },
      }}
    />
  );
}
