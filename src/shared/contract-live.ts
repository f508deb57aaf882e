/** The contract's WebSockets. */

import { z } from 'zod';
import { CameraStatusSchema } from './contract-cameras.ts';
import { ExportJobSchema } from './contract-exports.ts';
import { NvrEventSchema } from './domain-events.ts';
import { AlertSchema, STREAM_KINDS } from './domain-storage.ts';

// ---- WebSocket /app/v1/ws: what happens, as JSON text -----------------------------------------
// server → client: ServerMessage        client → server: ClientMessage

export const ServerMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('event'), event: NvrEventSchema }),
  z.object({ kind: z.literal('camera-status'), status: CameraStatusSchema }),
  /** A camera was added, changed or removed: fetch /cameras again. */
  z.object({ kind: z.literal('cameras-changed') }),
  /** A lock was made, changed or removed: fetch /locks and the timeline again. */
  z.object({ kind: z.literal('locks-changed') }),
  /** A bookmark was made, changed or removed: fetch /bookmarks and the timeline again. */
  z.object({ kind: z.literal('bookmarks-changed') }),
  /** A case or what is in it was changed: fetch /cases again. */
  z.object({ kind: z.literal('cases-changed') }),
  z.object({ kind: z.literal('export'), job: ExportJobSchema }),
  /** An alert began, is over, or was acknowledged. */
  z.object({ kind: z.literal('alert'), alert: AlertSchema }),
  /** A rule says that this is to be shown; `place` is the page that shows more. */
  z.object({ kind: z.literal('notification'), title: z.string(), body: z.string(), place: z.string() }),
  z.object({
    kind: z.literal('tracks'),
    cameraId: z.guid(),
    atEpochMs: z.number(),
    tracks: z.array(
      z.object({
        trackId: z.number(),
        label: z.string(),
        confidence: z.number(),
        box: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
      }),
    ),
  }),
]);
export type ServerMessage = z.infer<typeof ServerMessageSchema>;

/** Tracks are sent only for the cameras asked for. */
export const ClientMessageSchema = z.object({
  kind: z.literal('watch-tracks'),
  cameraIds: z.array(z.guid()),
});
export type ClientMessage = z.infer<typeof ClientMessageSchema>;

// ---- WebSocket /app/v1/cameras/:id/live?stream=main|sub&format=mp4|mpeg1: live pictures -------------
// First a text message LiveHello, again whenever the stream changes (then start afresh); then binary messages:
//   byte 0      kind: LIVE_KIND
//   bytes 1-8   capture time, epoch ms, float64 big endian (0 for init segments)
//   rest        the bytes: MP4 init or media segment of that track, or MPEG-1 (mpeg1video elementary in MPEG-TS) data
// On join: inits, then the fragments since the last key frame, then fragments as they come. A slow reader loses whole GOPs.

export const LIVE_KIND = {
  videoInit: 0,
  videoFragment: 1,
  audioInit: 2,
  audioFragment: 3,
  mpeg1: 4,
} as const;

export const LIVE_HEADER_BYTES = 9;

export const LiveHelloSchema = z.object({
  kind: z.literal('hello'),
  format: z.enum(['mp4', 'mpeg1']),
  videoCodecString: z.string(),
  audioCodecString: z.string().nullable(),
  width: z.number(),
  height: z.number(),
  stream: z.enum(STREAM_KINDS),
});
export type LiveHello = z.infer<typeof LiveHelloSchema>;
