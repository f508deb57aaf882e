/** What the export dialog holds, and the request that it becomes. Pure. */
import { t } from '@lingui/core/macro';
import type { z } from 'zod';
import type { ExportInputSchema, ExportOptions, HiddenRegion } from '../../../shared/contract-exports.ts';
import type { EpochRange } from '../../../shared/units.ts';

export interface ExportDraft {
  form: 'clip' | 'evidence';
  cameraIds: string[];
  reason: string;
  /** NO_DRIVE: kept by the recorder. */
  driveId: string;
  sound: boolean;
  caption: boolean;
  compatible: boolean;
  /** Of TIME_LAPSES. */
  timeLapse: string;
  hidden: HiddenRegion[];
}

export const NO_DRIVE = '';
export const TIME_LAPSES = [
  { value: '', label: t`Off` },
  { value: '10', label: t`10 times faster` },
  { value: '60', label: t`60 times faster: a minute in a second` },
  { value: '600', label: t`600 times faster` },
  { value: '3600', label: t`3600 times faster: an hour in a second` },
];

export function newDraft(cameraIds: readonly string[]): ExportDraft {
  return {
    ...{ form: 'clip', cameraIds: [...cameraIds], reason: '', driveId: NO_DRIVE, sound: true },
    ...{ caption: false, compatible: false, timeLapse: '', hidden: [] },
  };
}

/** Evidence is never changed: what would change pictures is left out of it. */
export function buildExportInput(draft: ExportDraft, range: EpochRange): z.input<typeof ExportInputSchema> {
  const { form, cameraIds, driveId } = draft;
  const changes: Partial<ExportOptions> =
    form === 'evidence'
      ? { compatible: draft.compatible }
      : {
          caption: draft.caption,
          compatible: draft.compatible,
          timeLapse: draft.timeLapse === '' ? null : Number(draft.timeLapse),
          hidden: draft.hidden.filter(({ cameraId }) => cameraIds.includes(cameraId)),
        };
  return {
    ...{ form, cameraIds, reason: draft.reason.trim(), driveId: driveId === NO_DRIVE ? null : driveId },
    ...{ fromEpochMs: Math.round(range.startEpochMs), toEpochMs: Math.round(range.endEpochMs) },
    options: { audio: draft.sound, ...changes },
  };
}

/** Whether pictures are encoded anew, which takes time. */
export function isSlow({ form, caption, compatible, timeLapse, hidden }: ExportDraft): boolean {
  return form === 'clip' && (caption || compatible || timeLapse !== '' || hidden.length > 0);
}
