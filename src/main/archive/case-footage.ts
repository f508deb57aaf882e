/** The footage of a case: what its items cover of each camera, overlapping ranges joined. Pure. */
import type { CaseItem } from '../../shared/cases.ts';
import type { ExportRange } from '../../shared/contract-exports.ts';
import { MINUTE_MS } from '../../shared/units.ts';

/** A moment stands for so much before and after it. */
const MOMENT_MS = MINUTE_MS / 6;

/**
 * Ranges by camera in the order in which cameras first occur, each camera's ascending. Exports are left out: they are of footage that is in
 * the case already, or were put in as what they are.
 */
export function planCaseFootage(
  items: ReadonlyArray<Pick<CaseItem, 'kind' | 'cameraIds' | 'startEpochMs' | 'endEpochMs'>>,
): ExportRange[] {
  const byCamera = new Map<string, ExportRange[]>();
  for (const { cameraIds, startEpochMs, endEpochMs } of items.filter(({ kind }) => kind !== 'export')) {
    const lead = endEpochMs > startEpochMs ? 0 : MOMENT_MS;
    const range = { fromEpochMs: Math.max(0, startEpochMs - lead), toEpochMs: endEpochMs + lead };
    for (const cameraId of cameraIds)
      byCamera.set(cameraId, [...(byCamera.get(cameraId) ?? []), { cameraId, ...range }]);
  }
  return [...byCamera.values()].flatMap(joinRanges);
}

function joinRanges(ranges: readonly ExportRange[]): ExportRange[] {
  const joined: ExportRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.fromEpochMs - b.fromEpochMs)) {
    const last = joined.at(-1);
    if (last && range.fromEpochMs <= last.toEpochMs)
      last.toEpochMs = Math.max(last.toEpochMs, range.toEpochMs);
    else joined.push({ ...range });
  }
  return joined;
}
