/** The two ends of the selection as things to hold: by pointer, finger or arrow keys. */
import { t } from '@lingui/core/macro';
import { type KeyboardEvent, type PointerEvent, type RefObject, useRef } from 'react';
import { formatMoment } from '../../client/time-format.ts';
import { useArchive } from './archive-store.ts';
import styles from './Timeline.module.css';
import { timeAtX } from './timeline/scale.ts';
import { moveHandle } from './timeline/selection.ts';
import type { TimelineController } from './timeline/timeline-controller.ts';

export function SelectionHandles(props: {
  root: RefObject<HTMLDivElement | null>;
  controller: RefObject<TimelineController | null>;
}) {
  const selection = useArchive((state) => state.selection);
  const held = useRef<'start' | 'end' | null>(null);
  if (!selection) return null;

  const dragTo = (event: PointerEvent) => {
    const view = props.controller.current?.view;
    const { selection: current, setSelection } = useArchive.getState();
    if (!held.current || !view || !current) return;
    const box = props.root.current!.getBoundingClientRect();
    const moved = moveHandle(current, held.current, timeAtX(view, event.clientX - box.left));
    held.current = moved.edge;
    setSelection(moved.selection);
  };
  const onKeyDown = (event: KeyboardEvent, edge: 'start' | 'end') => {
    const sign = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (sign === 0) return;
    event.preventDefault();
    const now = edge === 'start' ? selection.startEpochMs : selection.endEpochMs;
    const step = event.shiftKey ? 10_000 : 1000;
    useArchive.getState().setSelection(moveHandle(selection, edge, now + sign * step).selection);
  };
  return (
    <div ref={props.root} className={styles.handles} data-own-keys>
      {(['start', 'end'] as const).map((edge) => {
        const epochMs = edge === 'start' ? selection.startEpochMs : selection.endEpochMs;
        return (
          <div
            key={edge}
            data-edge={edge}
            className={styles.handle}
            role="slider"
            tabIndex={0}
            aria-label={edge === 'start' ? t`Selection start` : t`Selection end`}
            aria-valuenow={Math.round(epochMs / 1000)}
            aria-valuetext={formatMoment(epochMs)}
            onKeyDown={(event) => onKeyDown(event, edge)}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              held.current = edge;
            }}
            onPointerMove={dragTo}
            onPointerUp={() => {
              held.current = null;
            }}
          />
        );
      })}
    </div>
  );
}
