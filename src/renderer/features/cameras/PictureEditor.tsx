/** The camera's picture with its lines, zones and masks on it: draw, select, drag, nudge with the keys. */
import { t } from '@lingui/core/macro';
import { type CSSProperties, type PointerEvent, useRef, useState } from 'react';
import type { CameraView } from '../../../shared/contract-cameras.ts';
import type { Point } from '../../../shared/geometry.ts';
import { aspectOf, isLive } from '../../client/camera-words.ts';
import { LivePicture } from '../../client/live/LivePicture.tsx';
import { pointsOfSelection, type Selection, type Tool, useDraft } from './draft-store.ts';
import { EditorHandles } from './EditorHandles.tsx';
import { LineDrawing, MaskDrawing, MaskHatching, SideLabels, ZoneDrawing } from './EditorShapes.tsx';
import { finishLine, finishMask, finishZone, replacePoints } from './editor-actions.ts';
import styles from './PictureEditor.module.css';
import { ShapeLabels } from './ShapeLabels.tsx';
import { clampPoint, movePoints, rectangleOf } from './shape-geometry.ts';

/** A press that moves further than this draws at once; a shorter one sets a corner. Share of the picture's width. */
const DRAG_SHARE = 0.02;
const HEIGHT = 1000;

export function PictureEditor({ camera }: { camera: CameraView }) {
  const { draft, selection, tool } = useDraft();
  const frame = useRef<HTMLDivElement>(null);
  const [corners, setCorners] = useState<Point[]>([]);
  const [pointer, setPointer] = useState<Point | null>(null);
  const press = useRef<{ from: Point; points: Point[]; moving: Selection } | null>(null);
  const [lastTool, setLastTool] = useState(tool);
  if (lastTool !== tool) {
    setLastTool(tool);
    setCorners([]);
  }
  if (!draft) return null;
  const aspect = aspectOf(camera.status);
  const width = HEIGHT * aspect;

  const finishArea = tool === 'mask' ? finishMask : finishZone;

  const place = (event: PointerEvent): Point => {
    const box = frame.current!.getBoundingClientRect();
    return clampPoint({
      x: (event.clientX - box.left) / box.width,
      y: (event.clientY - box.top) / box.height,
    });
  };

  function onPointerDown(event: PointerEvent) {
    if (event.button !== 0 || (event.target as Element).closest('button')) return;
    const at = place(event);
    const hit = tool ? null : selectionAt(event.target as Element);
    frame.current?.setPointerCapture(event.pointerId);
    if (!tool) useDraft.getState().select(hit);
    press.current = { from: at, points: hit ? pointsOfSelection(draft!, hit) : [], moving: hit };
    setPointer(at);
  }

  function onPointerMove(event: PointerEvent) {
    const at = place(event);
    if (tool) setPointer(at);
    const { from, points, moving } = press.current ?? {};
    if (from && moving && points?.length)
      replacePoints(moving, movePoints(points, at.x - from.x, at.y - from.y));
  }

  function onPointerUp(event: PointerEvent) {
    const started = press.current;
    press.current = null;
    if (!started || !tool) return;
    const at = place(event);
    const dragged = Math.hypot(at.x - started.from.x, at.y - started.from.y) > DRAG_SHARE;
    if (tool === 'line') {
      const first = dragged ? started.from : corners[0];
      if (first) finishLine([first, at]);
      else setCorners([at]);
    } else if (dragged && corners.length === 0) finishArea(rectangleOf(started.from, at));
    else if (corners.length >= 3 && near(corners[0]!, at)) finishArea(corners);
    else setCorners([...corners, at]);
  }

  const preview = previewOf(tool, corners, press.current?.from ?? null, pointer);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is a group of form controls
    <div
      ref={frame}
      role="group"
      aria-label={t`Picture of ${camera.name} with its lines and zones`}
      className={styles.editor}
      data-tool={tool ?? undefined}
      style={{ '--aspect': aspect } as CSSProperties}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerLeave={() => setPointer(null)}
      onDoubleClick={() => {
        if (tool !== 'line' && corners.length >= 3) finishArea(withoutDoubled(corners));
      }}
    >
      <LivePicture
        cameraId={camera.id}
        name={camera.name}
        stream="main"
        muted
        live={isLive(camera.status)}
        still={camera.status.lastFrameEpochMs !== null}
      />
      <svg className={styles.drawing} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
        <MaskHatching />
        {(draft.analysis.masks ?? []).map(({ points }, index) => (
          <MaskDrawing
            // biome-ignore lint/suspicious/noArrayIndexKey: masks have no names
            key={index}
            points={points}
            index={index}
            selected={selection?.kind === 'mask' && selection.index === index}
            width={width}
            height={HEIGHT}
          />
        ))}
        {draft.zones.map((zone, index) => (
          <ZoneDrawing
            // biome-ignore lint/suspicious/noArrayIndexKey: names change while they are typed
            key={index}
            zone={zone}
            index={index}
            selected={selection?.kind === 'zone' && selection.index === index}
            width={width}
            height={HEIGHT}
          />
        ))}
        {draft.lines.map((line, index) => (
          <LineDrawing
            // biome-ignore lint/suspicious/noArrayIndexKey: names change while they are typed
            key={index}
            line={line}
            index={index}
            selected={selection?.kind === 'line' && selection.index === index}
            width={width}
            height={HEIGHT}
          />
        ))}
        {preview.length > 0 && (
          <polyline
            className={styles.preview}
            points={preview.map(({ x, y }) => `${x * width},${y * HEIGHT}`).join(' ')}
          />
        )}
        {corners.map(({ x, y }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: corners are only added
          <circle key={index} className={styles.corner} cx={x * width} cy={y * HEIGHT} r={9} />
        ))}
      </svg>
      {draft.lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: names change while they are typed
        <SideLabels key={index} line={line} aspect={aspect} />
      ))}
      <ShapeLabels draft={draft} selection={selection} />
      {!tool && <EditorHandles frame={frame} />}
    </div>
  );
}

function selectionAt(target: Element): Selection {
  const shape = target.closest<SVGElement>('[data-shape]');
  const [kind, index] = shape?.dataset.shape?.split('-') ?? [];
  return kind === 'line' || kind === 'zone' || kind === 'mask' ? { kind, index: Number(index) } : null;
}

function previewOf(tool: Tool, corners: Point[], from: Point | null, pointer: Point | null): Point[] {
  if (!tool || !pointer) return corners;
  if (tool !== 'line' && corners.length === 0 && from) {
    const rectangle = rectangleOf(from, pointer);
    return [...rectangle, rectangle[0]!];
  }
  const start = corners.length > 0 ? corners : from ? [from] : [];
  return start.length > 0 ? [...start, pointer] : [];
}

/** The two presses of a double click set the same corner twice. */
function withoutDoubled(corners: Point[]): Point[] {
  return corners.filter((corner, index) => index === 0 || !near(corner, corners[index - 1]!));
}

function near(a: Point, b: Point): boolean {
  return Math.hypot(a.x - b.x, a.y - b.y) < DRAG_SHARE;
}
