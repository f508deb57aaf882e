/** What the editor does to the draft: adding, replacing and deleting lines, zones and corners, with undo. */
import type { Line, Zone } from '../../../shared/domain.ts';
import type { Point } from '../../../shared/geometry.ts';
import { showToast } from '../../ui/Toast.tsx';
import { pointsOfSelection, type Selection, useDraft, withoutIndex } from './draft-store.ts';
import { freeName, rectangleOf } from './shape-geometry.ts';

export function finishLine(points: Point[]): void {
  const { draft, change } = useDraft.getState();
  if (!draft) return;
  const line: Line = { name: freeName(draft.lines.length === 0 ? 'Enter' : 'Line', draft.lines), points };
  change({ lines: [...draft.lines, line] });
  useDraft.setState({ tool: null, selection: { kind: 'line', index: draft.lines.length } });
}

export function finishZone(points: Point[]): void {
  const { draft, change } = useDraft.getState();
  if (!draft) return;
  const zone: Zone = {
    name: freeName('Zone', draft.zones),
    polygons: [{ points }],
    intrusion: false,
    motion: true,
  };
  change({ zones: [...draft.zones, zone] });
  useDraft.setState({ tool: null, selection: { kind: 'zone', index: draft.zones.length } });
}

/** Puts a shape in the middle of the picture: the way to draw with keys alone. */
export function addInTheMiddle(kind: 'line' | 'zone'): void {
  if (kind === 'line')
    finishLine([
      { x: 0.3, y: 0.5 },
      { x: 0.7, y: 0.5 },
    ]);
  else finishZone(rectangleOf({ x: 0.35, y: 0.35 }, { x: 0.65, y: 0.65 }));
}

export function replacePoints(selection: Selection, points: Point[]): void {
  const { draft, changeLine, changeZone } = useDraft.getState();
  if (!draft || !selection) return;
  if (selection.kind === 'line') changeLine(selection.index, { points });
  else {
    const rest = draft.zones[selection.index]?.polygons.slice(1) ?? [];
    changeZone(selection.index, { polygons: [{ points }, ...rest] });
  }
}

export function addCorner(selection: Selection, after: number, corner: Point): void {
  const { draft } = useDraft.getState();
  if (!draft) return;
  const points = pointsOfSelection(draft, selection);
  replacePoints(selection, [...points.slice(0, after + 1), corner, ...points.slice(after + 1)]);
}

/** A zone keeps at least three corners: deleting one of three deletes the zone. */
export function deleteCorner(selection: Selection, index: number): void {
  const { draft } = useDraft.getState();
  if (!draft) return;
  const points = pointsOfSelection(draft, selection);
  if (selection?.kind === 'zone' && points.length > 3) replacePoints(selection, withoutIndex(points, index));
  else deleteShape(selection);
}

export function deleteShape(selection: Selection): void {
  const { draft, change } = useDraft.getState();
  if (!draft || !selection) return;
  const { kind, index } = selection;
  const name = kind === 'line' ? draft.lines[index]?.name : draft.zones[index]?.name;
  const before = kind === 'line' ? { lines: draft.lines } : { zones: draft.zones };
  change(
    kind === 'line'
      ? { lines: withoutIndex(draft.lines, index) }
      : { zones: withoutIndex(draft.zones, index) },
  );
  useDraft.setState({ selection: null });
  const { cameraId } = useDraft.getState();
  showToast(`Deleted ${kind} ${name}`, {
    undo: () => {
      if (useDraft.getState().cameraId !== cameraId) return;
      useDraft.getState().change(before);
      useDraft.setState({ selection });
    },
  });
}

export function swapDirection(index: number): void {
  const { draft, changeLine } = useDraft.getState();
  const points = draft?.lines[index]?.points;
  if (points) changeLine(index, { points: [...points].reverse() });
}
