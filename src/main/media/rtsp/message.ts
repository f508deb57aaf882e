/**
 * RTSP/1.0 on the wire (RFC 2326): an incremental parser for requests, responses and interleaved `$` frames mixed in one
 * byte stream, and builders for all three. No sockets and no session logic: client and server both stand on this.
 */
import { AppError } from '../../../shared/errors.ts';

/** Header values by lower-case name, in order of arrival. */
export type RtspHeaders = Map<string, string[]>;

export interface RtspRequest {
  kind: 'request';
  method: string;
  uri: string;
  headers: RtspHeaders;
  body: Buffer;
}

export interface RtspResponse {
  kind: 'response';
  status: number;
  reason: string;
  headers: RtspHeaders;
  body: Buffer;
}

/** `data` is a view of received bytes: nobody writes to it, and it is good only while the item is handed over. */
export interface InterleavedFrame {
  kind: 'interleaved';
  channel: number;
  data: Buffer;
}

export type RtspItem = RtspRequest | RtspResponse | InterleavedFrame;
export type HeaderValues = Record<string, string | number | readonly string[] | undefined>;

const MAX_HEAD_BYTES = 64 * 1024;
const MAX_BODY_BYTES = 1024 * 1024;
const MAX_SKIPPED_BYTES = 256 * 1024;
/** Room for a packet of any size that a network carries. */
const MIN_REST_BYTES = 16 * 1024;
const DOLLAR = 0x24;
const CR = 0x0d;
const LF = 0x0a;

/** The first value of a header, trimmed; null when absent. */
export function headerOf(message: { headers: RtspHeaders }, name: string): string | null {
  return message.headers.get(name.toLowerCase())?.[0] ?? null;
}

/**
 * Cuts a byte stream into RTSP items. Holds at most one incomplete item (64 KiB of head and 1 MiB of body).
 * `push` throws an AppError when the stream cannot be RTSP; the connection is then of no more use.
 */
export class RtspParser {
  private readonly onItem: (item: RtspItem) => void;
  /** Bytes of an incomplete item, in memory that is used again and again. */
  private rest: Buffer = Buffer.alloc(0);
  private restMemory: Buffer = Buffer.alloc(0);
  private openBody: RtspRequest | RtspResponse | null = null;
  private skipped = 0;

  constructor(onItem: (item: RtspItem) => void) {
    this.onItem = onItem;
  }

  /** Bytes that belonged to no item and were passed over. */
  get skippedBytes(): number {
    return this.skipped;
  }

  /** True while a message without Content-Length waits for the end of its body: call `finish` when the peer falls silent. */
  get awaitsEnd(): boolean {
    return this.openBody !== null;
  }

  /** The chunk belongs to the caller again when this returns. */
  push(chunk: Buffer): void {
    const bytes = this.rest.length > 0 ? this.keep(chunk, this.rest.length) : chunk;
    let at = 0;
    while (at < bytes.length) {
      const used = this.takeInterleaved(bytes, at) || this.takeOther(bytes, at);
      if (used === 0) break;
      at += used;
    }
    this.rest = this.keep(bytes.subarray(at), 0);
  }

  /** Ends a body of unknown length with what has come. */
  finish(): void {
    const message = this.openBody;
    if (!message) return;
    this.openBody = null;
    message.body = Buffer.from(this.rest);
    this.rest = this.restMemory.subarray(0, 0);
    this.onItem(message);
  }

  /** What is kept so far (its first `kept` bytes) and these bytes behind it. */
  private keep(bytes: Buffer, kept: number): Buffer {
    const size = kept + bytes.length;
    if (size > this.restMemory.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(MIN_REST_BYTES, size * 2));
      this.restMemory.copy(larger, 0, 0, kept);
      bytes.copy(larger, kept);
      this.restMemory = larger;
    } else bytes.copy(this.restMemory, kept);
    return this.restMemory.subarray(0, size);
  }

  /** Nearly all that comes: bytes used by the `$` frame at `at`; 0 when there is none or it is incomplete. */
  private takeInterleaved(bytes: Buffer, at: number): number {
    if (bytes[at] !== DOLLAR || this.openBody || bytes.length < at + 4) return 0;
    const size = 4 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
    if (bytes.length < at + size) return 0;
    this.onItem({ kind: 'interleaved', channel: bytes[at + 1]!, data: bytes.subarray(at + 4, at + size) });
    return size;
  }

  private takeOther(all: Buffer, at: number): number {
    const bytes = all.subarray(at);
    return this.openBody ? this.takeOpenBody(bytes) : this.takeItem(bytes);
  }

  /** Bytes used; 0 when more are needed. */
  private takeItem(bytes: Buffer): number {
    if (bytes.length === 0) return 0;
    const first = bytes[0]!;
    if (first === DOLLAR) return this.takeInterleaved(bytes, 0);
    if (first === CR || first === LF) return 1;
    if (!isLetter(first)) return this.skip(bytes);
    return this.takeMessage(bytes);
  }

  private takeMessage(bytes: Buffer): number {
    const headEnd = findHeadEnd(bytes);
    if (headEnd < 0) {
      if (bytes.length > MAX_HEAD_BYTES) throw new AppError('invalid-input', 'The RTSP header is too long');
      const firstEnd = bytes.indexOf(LF);
      if (firstEnd >= 0 && !parseStartLine(bytes.toString('latin1', 0, firstEnd))) return this.skip(bytes);
      return 0;
    }
    if (headEnd > MAX_HEAD_BYTES) throw new AppError('invalid-input', 'The RTSP header is too long');
    const message = parseHead(bytes.toString('utf8', 0, headEnd));
    if (!message) return this.skip(bytes);
    const length = contentLength(message);
    if (length === null) {
      this.openBody = message;
      return headEnd;
    }
    if (bytes.length < headEnd + length) return 0;
    message.body = Buffer.from(bytes.subarray(headEnd, headEnd + length));
    this.onItem(message);
    return headEnd + length;
  }

  /** A description without length: its lines are `x=…`; anything else, or `finish`, ends it. */
  private takeOpenBody(bytes: Buffer): number {
    let end = 0;
    for (;;) {
      const lineEnd = bytes.indexOf(LF, end);
      const start = bytes[end];
      if (start !== undefined && start !== CR && start !== LF) {
        const second = bytes[end + 1];
        if (start < 0x61 || start > 0x7a || (second !== undefined && second !== 0x3d)) break;
      }
      if (lineEnd < 0) {
        if (bytes.length > MAX_BODY_BYTES) throw new AppError('invalid-input', 'The RTSP body is too long');
        return 0;
      }
      end = lineEnd + 1;
    }
    const message = this.openBody!;
    this.openBody = null;
    message.body = Buffer.from(bytes.subarray(0, end));
    this.onItem(message);
    // The caller goes on while bytes are used: without a body the head's end was already counted.
    return end > 0 ? end : this.takeItem(bytes);
  }

  /** Passes over bytes that belong to nothing, up to what may be the next item. */
  private skip(bytes: Buffer): number {
    let end = 1;
    while (end < bytes.length && bytes[end] !== DOLLAR && !isLetter(bytes[end]!)) end++;
    if (isLetter(bytes[0]!)) {
      const lineEnd = bytes.indexOf(LF);
      end = lineEnd >= 0 ? lineEnd + 1 : end;
    }
    this.skipped += end;
    if (this.skipped > MAX_SKIPPED_BYTES)
      throw new AppError('invalid-input', 'The device sends bytes that are not RTSP');
    return end;
  }
}

export function buildRequest(
  method: string,
  uri: string,
  headers: HeaderValues,
  body: Buffer | string = '',
): Buffer {
  return buildMessage(`${oneLine(method)} ${oneLine(uri)} RTSP/1.0`, headers, body);
}

export function buildResponse(
  status: number,
  reason: string,
  headers: HeaderValues,
  body: Buffer | string = '',
): Buffer {
  return buildMessage(`RTSP/1.0 ${status} ${oneLine(reason)}`, headers, body);
}

/** An interleaved frame: `$`, channel, 16-bit length, the packet (at most 65535 bytes). */
export function buildInterleaved(channel: number, packet: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(4 + packet.length);
  frame[0] = DOLLAR;
  frame[1] = channel;
  frame.writeUInt16BE(packet.length, 2);
  packet.copy(frame, 4);
  return frame;
}

function buildMessage(startLine: string, headers: HeaderValues, body: Buffer | string): Buffer {
  const content = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
  let head = `${startLine}\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) head += `${name}: ${oneLine(String(one))}\r\n`;
  }
  if (content.length > 0) head += `Content-Length: ${content.length}\r\n`;
  return Buffer.concat([Buffer.from(`${head}\r\n`, 'utf8'), content]);
}

/** No value can end its line and start a header of its own. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ');
}

function isLetter(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}

/** Offset behind the empty line that ends a head (CRLF or LF); -1 when it has not come. */
function findHeadEnd(bytes: Buffer): number {
  const limit = Math.min(bytes.length, MAX_HEAD_BYTES + 4);
  for (let at = bytes.indexOf(LF); at >= 0 && at < limit; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  }
  return -1;
}

function parseStartLine(line: string): RtspRequest | RtspResponse | null {
  const headers: RtspHeaders = new Map();
  const body = Buffer.alloc(0);
  const response = /^(RTSP|HTTP)\/\d+\.\d+\s+(\d{3})\s*(.*?)\s*$/i.exec(line);
  if (response) {
    if (response[1]!.toUpperCase() === 'HTTP')
      throw new AppError('invalid-input', 'The device answers HTTP, not RTSP, on this port');
    return { kind: 'response', status: Number(response[2]), reason: response[3]!, headers, body };
  }
  const request = /^([A-Z_]+)\s+(\S+)\s+RTSP\/\d+\.\d+\s*$/i.exec(line);
  if (request) return { kind: 'request', method: request[1]!.toUpperCase(), uri: request[2]!, headers, body };
  return null;
}

function parseHead(text: string): RtspRequest | RtspResponse | null {
  const lines = text.split(/\r?\n/);
  const message = parseStartLine(lines[0]!);
  if (!message) return null;
  let last: string[] | null = null;
  for (const line of lines.slice(1)) {
    if (/^[ \t]/.test(line)) {
      if (last) last[last.length - 1] += ` ${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    last = message.headers.get(name) ?? [];
    last.push(line.slice(colon + 1).trim());
    message.headers.set(name, last);
  }
  return message;
}

/** null: a body follows whose length is not told. */
function contentLength(message: RtspRequest | RtspResponse): number | null {
  const text = headerOf(message, 'content-length');
  if (text === null) {
    const typed = /sdp/i.test(headerOf(message, 'content-type') ?? '');
    return typed && message.kind === 'response' && message.status === 200 ? null : 0;
  }
  const length = Number.parseInt(text, 10);
  if (!(length >= 0) || length > MAX_BODY_BYTES)
    throw new AppError('invalid-input', 'The RTSP body is too long');
  return length;
}
