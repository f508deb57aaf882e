/** What the shell remembers between starts: its windows, and where the engine listened. A file that cannot be read is as none. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { parsePlace } from './place.ts';

/** In the system's screen coordinates. */
const BoundsSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});
export type Bounds = z.infer<typeof BoundsSchema>;

const WindowStateSchema = z.object({
  /** The page, as `/live`. */
  place: z.string().transform((place) => parsePlace(place) ?? '/live'),
  bounds: BoundsSchema,
  maximized: z.boolean(),
  fullScreen: z.boolean(),
});
export type WindowState = z.infer<typeof WindowStateSchema>;

const MAX_WINDOWS = 16;
const ShellStateSchema = z.object({
  windows: z.array(WindowStateSchema).max(MAX_WINDOWS),
  /** 0: not known. */
  port: z.number().int().min(0).max(65_535),
});
export type ShellState = z.infer<typeof ShellStateSchema>;

const NOTHING: ShellState = { windows: [], port: 0 };

export function readShellState(path: string): ShellState {
  try {
    return ShellStateSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return NOTHING;
  }
}

export function writeShellState(path: string, state: ShellState): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.partial`, JSON.stringify(state));
  renameSync(`${path}.partial`, path);
}

const DEFAULT_SIZE = { width: 1440, height: 900 };
/** So much of a window must be on a screen, or it could not be grasped. */
const VISIBLE = { width: 120, height: 60 };

/** Where a window goes: where it was, unless that monitor is gone; else in the middle of the first display's work area. */
export function fitBounds(saved: Bounds | null, workAreas: readonly Bounds[]): Bounds {
  if (saved && workAreas.some((area) => isVisibleIn(saved, area))) return saved;
  const area = workAreas[0] ?? { x: 0, y: 0, ...DEFAULT_SIZE };
  const width = Math.min(saved?.width ?? DEFAULT_SIZE.width, area.width);
  const height = Math.min(saved?.height ?? DEFAULT_SIZE.height, area.height);
  return {
    x: area.x + Math.round((area.width - width) / 2),
    y: area.y + Math.round((area.height - height) / 2),
    width,
    height,
  };
}

/** A display that no window is on, for a live wall; null when each has one. */
export function findFreeArea(workAreas: readonly Bounds[], windows: readonly Bounds[]): Bounds | null {
  return workAreas.find((area) => !windows.some((window) => contains(area, centreOf(window)))) ?? null;
}

function isVisibleIn(window: Bounds, area: Bounds): boolean {
  const width = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  const height = Math.min(window.y + window.height, area.y + area.height) - Math.max(window.y, area.y);
  return width >= VISIBLE.width && height >= VISIBLE.height;
}

function centreOf({ x, y, width, height }: Bounds): { x: number; y: number } {
  return { x: x + width / 2, y: y + height / 2 };
}

function contains(area: Bounds, { x, y }: { x: number; y: number }): boolean {
  return x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height;
}
