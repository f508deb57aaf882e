/** A row of the events table with its camera's name, and the event it stands for. */
import { EventDetailSchema, type EventType, type NvrEvent } from '../../shared/domain-events.ts';

export interface EventRow {
  sequence: number;
  id: string;
  camera_id: string;
  camera_name: string;
  type: EventType;
  start_epoch_ms: number;
  end_epoch_ms: number;
  labels: string;
  detail: string;
  has_snapshot: number;
}

export function parseEventRow(row: EventRow): NvrEvent {
  return {
    id: row.id,
    sequence: row.sequence,
    cameraId: row.camera_id,
    cameraName: row.camera_name,
    type: row.type,
    startEpochMs: row.start_epoch_ms,
    endEpochMs: row.end_epoch_ms,
    labels: JSON.parse(row.labels) as string[],
    detail: EventDetailSchema.parse(JSON.parse(row.detail)),
    hasSnapshot: row.has_snapshot === 1,
  };
}

export interface FullEventRow extends EventRow {
  has_crop: number;
}

/** Where an event's pictures are, for those who delete them. */
export interface StoredPictures {
  id: string;
  startEpochMs: number;
  hasSnapshot: boolean;
  hasCrop: boolean;
}

export function picturesOf(row: FullEventRow): StoredPictures {
  return {
    id: row.id,
    startEpochMs: row.start_epoch_ms,
    hasSnapshot: row.has_snapshot === 1,
    hasCrop: row.has_crop === 1,
  };
}
