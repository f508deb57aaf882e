/** The access-control API's words for readers and reports, and ours. Pure. */
import { z } from 'zod';
import type { Reader } from '../../../shared/domain-camera.ts';
import { ACCESS_EVENT_TYPES, type AccessEvent, type AccessEventType } from '../../../shared/domain-events.ts';
import { parseWireTime } from '../wire-time.ts';

const NotBlank = z.string().refine((text) => text.trim() !== '', 'expected a text that is not blank');

export const DevicesSchema = z
  .object({
    readers: z.array(
      z.object({
        device_id: NotBlank.meta({ description: 'Unique id of the reader' }),
        device_name: z.string().optional().meta({ description: 'Name to show; the id where absent' }),
      }),
    ),
  })
  .meta({ example: { readers: [{ device_id: 'testDevice0129397', device_name: 'Test Device' }] } });
export type WireDevices = z.infer<typeof DevicesSchema>;

export const ReportSchema = z
  .object({
    device_id: NotBlank.meta({ description: 'A reader that is assigned to a camera' }),
    timestamp: z
      .string()
      .refine(
        (text) => parseWireTime(text) !== null,
        'expected an ISO 8601 time like 2021-11-01T17:30:10.000Z',
      )
      .meta({ description: 'ISO 8601; UTC where it names no zone' }),
    event_type: z
      .string()
      .refine((text) => parseEventType(text) !== null, `expected one of ${ACCESS_EVENT_TYPES.join(', ')}`)
      .optional()
      .meta({ description: `${ACCESS_EVENT_TYPES.join(', ')}, in any case; this or labels is needed` }),
    labels: z.array(z.string()).optional().meta({ description: 'Words by which the event is found' }),
    actor_id: z.string().optional(),
    actor_name: z.string().optional(),
    actor_email: z.email().optional(),
  })
  .refine((report) => report.event_type !== undefined || labelsOf(report.labels).length > 0, {
    message: 'expected event_type or labels',
  })
  .meta({
    example: {
      device_id: 'testDevice0129397',
      timestamp: '2021-11-01T17:30:10.000Z',
      event_type: 'Entry Unlocked',
      labels: ['South Entry', 'Building 5'],
      actor_id: 'T.Smith0129486',
      actor_name: 'Tester Smith',
      actor_email: 'tsmith@example.com',
    },
  });
export type WireReport = z.infer<typeof ReportSchema>;

export function parseReaders(wire: WireDevices): Reader[] {
  return wire.readers.map(({ device_id, device_name }) => ({
    deviceId: device_id,
    deviceName: device_name?.trim() ? device_name : device_id,
  }));
}

export function buildDevices(readers: readonly Reader[]): {
  readers: Array<{ device_id: string; device_name: string }>;
} {
  return {
    readers: readers.map(({ deviceId, deviceName }) => ({ device_id: deviceId, device_name: deviceName })),
  };
}

/** A report that fits `ReportSchema` as the domain's access event. */
export function parseReport(wire: WireReport): AccessEvent {
  return {
    deviceId: wire.device_id,
    atMs: parseWireTime(wire.timestamp)!,
    eventType: wire.event_type === undefined ? null : parseEventType(wire.event_type),
    labels: labelsOf(wire.labels),
    ...(wire.actor_id?.trim() && { actorId: wire.actor_id }),
    ...(wire.actor_name?.trim() && { actorName: wire.actor_name }),
    ...(wire.actor_email && { actorEmail: wire.actor_email }),
  };
}

function parseEventType(text: string): AccessEventType | null {
  const wanted = text.trim().toLowerCase();
  return ACCESS_EVENT_TYPES.find((type) => type === wanted) ?? null;
}

function labelsOf(labels: readonly string[] | undefined): string[] {
  return (labels ?? []).map((label) => label.trim()).filter((label) => label !== '');
}
