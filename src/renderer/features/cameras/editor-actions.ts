/** What the editor does to the draft: adding, replacing and deleting lines, zones and corners, with undo. */
import { t } from '@lingui/core/macro';
import type { Analysis, Line, Zone } from '../../../shared/domain-camera.ts';
import type { Point } from '../../../shared/geometry.ts';
import { showToast } from '../../ui/Toast.tsx';
import { pointsOfSelection, type Selection, type ShapeKind, useDraft, withoutIndex } from './draft-store.ts';
import { freeName, rectangleOf } from './shape-geometry.ts';

type Masks = NonNullable<Analysis['masks']>;

export function finishLine(points: Point[]): void {
  const { draft, change } = useDraft.getState();
  if (!draft) return;
  const line: Line = { name: freeName(draft.lines.length === 0 ? t`Enter` : t`Line`, draft.lines), points };
  change({ lines: [...draft.lines, line] });
  useDraft.setState({ tool: null, selection: { kind: 'line', index: draft.lines.length } });
}

export function finishZone(points: Point[]): void {
  const { draft, change } = useDraft.getState();
  if (!draft) return;
  const zone: Zone = {
    name: freeName(t`Zone`, draft.zones),
    polygons: [{ points }],
    intrusion: false,
    motion: true,
  };
  change({ zones: [...draft.zones, zone] });
  useDraft.setState({ tool: null, selection: { kind: 'zone', index: draft.zones.length } });
}

export function finishMask(points: Point[]): void {
  const { draft } = useDraft.getState();
  if (!draft) return;
  const masks = draft.analysis.masks ?? [];
  putMasks([...masks, { points }]);
  useDraft.setState({ tool: null, selection: { kind: 'mask', index: masks.length } });
}

/** Puts a shape in the middle of the picture: the way to draw with keys alone. */
export function addInTheMiddle(kind: ShapeKind): void {
  if (kind === 'line')
    finishLine([
      { x: 0.3, y: 0.5 },
      { x: 0.7, y: 0.5 },
    ]);
  else (kind === 'zone' ? finishZone : finishMask)(rectangleOf({ x: 0.35, y: 0.35 }, { x: 0.65, y: 0.65 }));
}

export function replacePoints(selection: Selection, points: Point[]): void {
  const { draft, changeLine, changeZone } = useDraft.getState();
  if (!draft || !selection) return;
  if (selection.kind === 'line') changeLine(selection.index, { points });
  else if (selection.kind === 'mask')
    putMasks((draft.analysis.masks ?? []).map((mask, at) => (at === selection.index ? { points } : mask)));
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

/** A zone or mask keeps at least three corners: deleting one of three deletes all of it. */
export function deleteCorner(selection: Selection, index: number): void {
  const { draft } = useDraft.getState();
  if (!draft) return;
  const points = pointsOfSelection(draft, selection);
  if (selection?.kind !== 'line' && points.length > 3) replacePoints(selection, withoutIndex(points, index));
  else deleteShape(selection);
}

export function deleteShape(selection: Selection): void {
  const { draft, change } = useDraft.getState();
  if (!draft || !selection) return;
  const { kind, index } = selection;
  const name = kind === 'mask' ? index + 1 : draft[kind === 'line' ? 'lines' : 'zones'][index]?.name;
  const { lines, zones, analysis } = draft;
  const before = kind === 'line' ? { lines } : kind === 'zone' ? { zones } : { analysis };
  if (kind === 'line') change({ lines: withoutIndex(lines, index) });
  else if (kind === 'zone') change({ zones: withoutIndex(zones, index) });
  else putMasks(withoutIndex(analysis.masks ?? [], index));
  useDraft.setState({ selection: null });
  const { cameraId } = useDraft.getState();
  showToast(deletedWords(kind, name ?? ''), {
    undo: () => {
      if (useDraft.getState().cameraId !== cameraId) return;
      useDraft.getState().change(before);
      useDraft.setState({ selection });
    },
  });
}

function deletedWords(kind: ShapeKind, name: string | number): string {
  if (kind === 'line') return t`Deleted line ${name}`;
  return kind === 'zone' ? t`Deleted zone ${name}` : t`Deleted mask ${name}`;
}

/** Without masks the setting is absent, as it is stored. */
function putMasks(masks: Masks): void {
  const { draft, change } = useDraft.getState();
  if (!draft) return;
  const { masks: _, ...rest } = draft.analysis;
  change({ analysis: masks.length > 0 ? { ...rest, masks } : rest });
}

export function swapDirection(index: number): void {
  const { draft, changeLine } = useDraft.getState();
  const points = draft?.lines[index]?.points;
  if (points) changeLine(index, { points: [...points].reverse() });
}
