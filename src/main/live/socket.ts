/**
 * One viewer's WebSocket: a text hello whenever the stream begins or changes, then binary messages with a 9-byte header
 * (see the end of `shared/contract-live.ts`). Knows nothing of HTTP; the route hands it an accepted socket.
 */
import { LIVE_HEADER_BYTES, LIVE_KIND, type LiveHello } from '../../shared/contract-live.ts';
import type { StreamKind } from '../../shared/domain-storage.ts';
import type { Fragment, StreamDescription } from '../media/fragment.ts';
import type { Clock } from '../platform/clock.ts';
import type { FanoutReader } from './fanout.ts';
import type { LiveHub, LiveItem, LiveOutput } from './hub.ts';
import type { Mpeg1Output, Mpeg1Stream, Mpeg1Transcoder } from './mpeg1.ts';

/** What is used of a `ws` socket. */
export interface LiveSocket {
  readonly bufferedAmount: number;
  send(data: string | Buffer, done?: (error?: Error) => void): void;
  ping(): void;
  close(code?: number, reason?: string): void;
  terminate(): void;
  on(event: 'close' | 'error' | 'pong', listener: () => void): unknown;
}

/** Close codes of our own. */
export const LIVE_CLOSE = { cameraRemoved: 4410, noSuchCamera: 4404 } as const;

const PING_INTERVAL_MS = 15_000;

/** Sends a hub's stream as it is, until the socket or the camera goes away. */
export function serveMp4Socket(
  socket: LiveSocket,
  hub: LiveHub,
  stream: StreamKind,
  clock: Clock,
): FanoutReader {
  const output: LiveOutput = {
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    start(description) {
      socket.send(JSON.stringify(buildHello(description, stream)));
      socket.send(buildMessage(LIVE_KIND.videoInit, 0, description.videoInit));
      if (description.audioInit) socket.send(buildMessage(LIVE_KIND.audioInit, 0, description.audioInit));
    },
    item: (item, sent) => socket.send(fragmentMessage(item), () => sent()),
    end: () => socket.close(LIVE_CLOSE.cameraRemoved, 'The camera was removed'),
  };
  return keepAlive(socket, clock, hub.attach(output));
}

/** Sends a stream transcoded to MPEG-1, until the socket or the camera goes away. */
export function serveMpeg1Socket(
  socket: LiveSocket,
  transcoder: Mpeg1Transcoder,
  stream: StreamKind,
  clock: Clock,
): FanoutReader {
  const output: Mpeg1Output = {
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    start: (facts) => socket.send(JSON.stringify(buildMpeg1Hello(facts, stream))),
    item: (chunk, sent) =>
      socket.send(buildMessage(LIVE_KIND.mpeg1, chunk.epochMs, chunk.data), () => sent()),
    end: () => socket.close(LIVE_CLOSE.cameraRemoved, 'The camera was removed'),
  };
  return keepAlive(socket, clock, transcoder.attach(output));
}

export function buildHello(description: StreamDescription, stream: StreamKind): LiveHello {
  return {
    kind: 'hello',
    format: 'mp4',
    videoCodecString: description.video.codecString,
    audioCodecString: description.audio?.codecString ?? null,
    width: description.video.width,
    height: description.video.height,
    stream,
  };
}

function buildMpeg1Hello(facts: Mpeg1Stream, stream: StreamKind): LiveHello {
  return {
    kind: 'hello',
    format: 'mpeg1',
    videoCodecString: 'mpeg1video',
    audioCodecString: null,
    width: facts.width,
    height: facts.height,
    stream,
  };
}

/** Header (kind, capture time as float64 big endian) and bytes. */
export function buildMessage(kind: number, captureEpochMs: number, bytes: Buffer): Buffer {
  const message = Buffer.allocUnsafe(LIVE_HEADER_BYTES + bytes.length);
  writeHeader(message, kind, captureEpochMs);
  bytes.copy(message, LIVE_HEADER_BYTES);
  return message;
}

/** Messages of fragments without headroom: all viewers of a stream send the same bytes, so they are put together once. */
const messages = new WeakMap<Fragment, Buffer>();

function fragmentMessage({ fragment }: LiveItem): Buffer {
  const { data, track, captureEpochMs, headroom } = fragment;
  const kind = track === 'video' ? LIVE_KIND.videoFragment : LIVE_KIND.audioFragment;
  if (headroom) {
    const start = data.byteOffset - LIVE_HEADER_BYTES;
    const message = Buffer.from(data.buffer, start, LIVE_HEADER_BYTES + data.length);
    writeHeader(message, kind, captureEpochMs); // the same for every viewer
    return message;
  }
  const known = messages.get(fragment);
  if (known) return known;
  const message = buildMessage(kind, captureEpochMs, data);
  messages.set(fragment, message);
  return message;
}

function writeHeader(message: Buffer, kind: number, captureEpochMs: number): void {
  message.writeUInt8(kind, 0);
  message.writeDoubleBE(captureEpochMs, 1);
}

/** Pings; a viewer that has not answered by the next ping is cut off. Leaves the stream when the socket closes. */
function keepAlive(socket: LiveSocket, clock: Clock, reader: FanoutReader): FanoutReader {
  let answered = true;
  let cancel = clock.after(PING_INTERVAL_MS, tick);
  socket.on('pong', () => {
    answered = true;
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    cancel();
    reader.detach();
  });
  return reader;

  function tick() {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
    cancel = clock.after(PING_INTERVAL_MS, tick);
  }
}
