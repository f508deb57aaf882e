/** What may be asked of an export. Pure. */
import type { z } from 'zod';
import {
  type ExportInputSchema,
  type ExportRange,
  isEncoded,
  MAX_EXPORT_MS,
} from '../../shared/contract-exports.ts';
import { AppError } from '../../shared/errors.ts';

export type ExportInput = z.infer<typeof ExportInputSchema>;

/** Throws AppError invalid-input, in the user's words. */
export function refuseBadInput(input: ExportInput): void {
  const { fromEpochMs, toEpochMs, ranges, form, reason, options } = input;
  const refuse = (words: string) => {
    throw new AppError('invalid-input', words);
  };
  if (toEpochMs <= fromEpochMs) refuse('The end of a clip must be later than its start.');
  const isInside = (part: ExportRange) =>
    part.toEpochMs > part.fromEpochMs &&
    part.fromEpochMs >= fromEpochMs &&
    part.toEpochMs <= toEpochMs &&
    input.cameraIds.includes(part.cameraId.toLowerCase());
  if (ranges && !ranges.every(isInside))
    refuse('A part of an export must lie in its range and be of its cameras.');
  if (longestMs(input) > MAX_EXPORT_MS) refuse('An export can be 24 hours long at most.');
  if (form === 'clip') return;
  if (reason === '') refuse('Evidence needs a reason: it stands in the package.');
  if (isEncoded({ ...options, compatible: false }))
    refuse('Evidence holds the pictures as they were recorded: nothing can be changed in them.');
}

/** Of what is asked of one camera. */
function longestMs({ fromEpochMs, toEpochMs, ranges }: ExportInput): number {
  if (!ranges) return toEpochMs - fromEpochMs;
  const lengths = new Map<string, number>();
  for (const part of ranges)
    lengths.set(part.cameraId, (lengths.get(part.cameraId) ?? 0) + part.toEpochMs - part.fromEpochMs);
  return Math.max(...lengths.values());
}
