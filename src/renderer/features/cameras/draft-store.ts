/** The camera being edited: what is stored, what is changed but not yet saved, and what is selected in the picture. */
import { t } from '@lingui/core/macro';
import { create } from 'zustand';
import { type CameraPatch, CameraPatchSchema, type CameraView } from '../../../shared/contract-cameras.ts';
import type { Line, Zone } from '../../../shared/domain-camera.ts';
import type { Point } from '../../../shared/geometry.ts';
import { problemOfPolygon } from './shape-geometry.ts';

/** The part of a camera that is edited together. */
export interface Draft {
  name: string;
  source: { main: string; sub: string; transport: 'tcp' | 'udp' } | null;
  recording: CameraView['recording'];
  analysis: CameraView['analysis'];
  zones: Zone[];
  lines: Line[];
  readers: string[];
}

export type ShapeKind = 'line' | 'zone' | 'mask';
export type Selection = { kind: ShapeKind; index: number } | null;
export type Tool = ShapeKind | null;

interface DraftState {
  cameraId: string | null;
  stored: Draft | null;
  draft: Draft | null;
  selection: Selection;
  tool: Tool;
  /** Begins with what is stored; unsaved changes of the same camera are kept. */
  open(camera: CameraView): void;
  /** Takes what the engine answered to a save. */
  saved(camera: CameraView): void;
  discard(): void;
  change(change: Partial<Draft>): void;
  changeLine(index: number, change: Partial<Line>): void;
  changeZone(index: number, change: Partial<Zone>): void;
  select(selection: Selection): void;
  takeTool(tool: Tool): void;
  close(): void;
}

export const useDraft = create<DraftState>((set, get) => ({
  cameraId: null,
  stored: null,
  draft: null,
  selection: null,
  tool: null,
  open(camera) {
    const stored = draftOf(camera);
    const same = get().cameraId === camera.id;
    if (same && isDirty(get())) set({ stored });
    else if (same) set({ stored, draft: stored });
    else set({ cameraId: camera.id, stored, draft: stored, selection: null, tool: null });
  },
  saved(camera) {
    const stored = draftOf(camera);
    set({ stored, draft: stored });
  },
  discard: () => set(({ stored }) => ({ draft: stored, selection: null, tool: null })),
  change: (change) => set(({ draft }) => ({ draft: draft && { ...draft, ...change } })),
  changeLine(index, change) {
    const lines = get().draft?.lines ?? [];
    get().change({ lines: lines.map((line, at) => (at === index ? { ...line, ...change } : line)) });
  },
  changeZone(index, change) {
    const zones = get().draft?.zones ?? [];
    get().change({ zones: zones.map((zone, at) => (at === index ? { ...zone, ...change } : zone)) });
  },
  select: (selection) => set({ selection }),
  takeTool: (tool) => set({ tool, ...(tool ? { selection: null } : {}) }),
  close: () => set({ cameraId: null, stored: null, draft: null, selection: null, tool: null }),
}));

export function isDirty({ stored, draft }: Pick<DraftState, 'stored' | 'draft'>): boolean {
  return JSON.stringify(stored) !== JSON.stringify(draft);
}

/** Only what differs from what is stored. */
export function patchOf(stored: Draft, draft: Draft): CameraPatch {
  const patch: CameraPatch = {};
  const differs = (name: keyof Draft) => JSON.stringify(stored[name]) !== JSON.stringify(draft[name]);
  if (differs('name')) patch.name = draft.name;
  if (differs('recording')) patch.recording = draft.recording;
  if (differs('analysis')) patch.analysis = draft.analysis;
  if (differs('zones')) patch.zones = draft.zones;
  if (differs('lines')) patch.lines = draft.lines;
  if (differs('readers')) patch.readers = draft.readers;
  if (differs('source') && draft.source) {
    const { main, sub, transport } = draft.source;
    patch.source = { main: main.trim(), transport, ...(sub.trim() ? { sub: sub.trim() } : {}) };
  }
  return patch;
}

/** What stands against saving, by field: 'name', 'lines.0.name', 'zones.1'. */
export function problemsOf(stored: Draft, draft: Draft): Record<string, string> {
  const problems: Record<string, string> = {};
  if (draft.name.trim() === '') problems.name = t`Give the camera a name.`;
  for (const kind of ['lines', 'zones'] as const)
    for (const [index, { name }] of draft[kind].entries()) {
      const twin = draft[kind].findIndex((other) => sameName(other.name, name));
      if (name.trim() === '') problems[`${kind}.${index}.name`] = t`Give it a name.`;
      else if (twin !== index) problems[`${kind}.${index}.name`] = t`Another one has this name.`;
    }
  for (const [index, zone] of draft.zones.entries())
    for (const { points } of zone.polygons) {
      const problem = problemOfPolygon(points);
      if (problem) problems[`zones.${index}`] = problem;
    }
  for (const [index, { points }] of (draft.analysis.masks ?? []).entries()) {
    const problem = problemOfPolygon(points);
    if (problem) problems[`analysis.masks.${index}`] = problem;
  }
  const parsed = CameraPatchSchema.safeParse(patchOf(stored, draft));
  if (!parsed.success)
    for (const issue of parsed.error.issues) {
      const path = issue.path.join('.');
      const known = Object.keys(problems).some((one) => path.startsWith(one) || one.startsWith(path));
      if (!known) problems[path] = issue.message;
    }
  return problems;
}

export function withoutIndex<T>(items: readonly T[], index: number): T[] {
  return items.filter((_, at) => at !== index);
}

/** The points of what is selected: both ends of a line, or the corners of a mask or of a zone's first polygon. */
export function pointsOfSelection(draft: Draft, selection: Selection): Point[] {
  if (!selection) return [];
  if (selection.kind === 'line') return draft.lines[selection.index]?.points ?? [];
  if (selection.kind === 'mask') return draft.analysis.masks?.[selection.index]?.points ?? [];
  return draft.zones[selection.index]?.polygons[0]?.points ?? [];
}

function draftOf(camera: CameraView): Draft {
  const { name, source, recording, analysis, zones, lines, readers } = camera;
  return {
    name,
    source: source && { main: source.main, sub: source.sub ?? '', transport: source.transport },
    recording,
    analysis,
    zones,
    lines,
    readers,
  };
}

function sameName(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}
