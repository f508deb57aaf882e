/** One client's connection to our RTSP server: authenticates requests, answers them, keeps its sessions. */
import type { Socket } from 'node:net';
import { messageOf } from '../../shared/errors.ts';
import type { ServerAuthenticator } from '../media/rtsp/auth.ts';
import {
  buildResponse,
  type HeaderValues,
  headerOf,
  type RtspItem,
  RtspParser,
  type RtspRequest,
} from '../media/rtsp/message.ts';
import { buildSdp } from '../media/rtsp/sdp.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { RtspSession } from './rtsp-session.ts';
import type { RtspSource } from './rtsp-source.ts';
import { buildMediaOffers, TRACK_CONTROL, type TrackKind } from './rtsp-track.ts';
import { createInterleavedTransport, createUdpTransport, parseTransport } from './rtsp-transport.ts';

export interface RtspConnectionDeps {
  authenticator: ServerAuthenticator;
  /** The stream at a path without its leading slash; null when there is none. */
  sourceAt(mount: string): RtspSource | null;
  clock: Clock;
  log: Logger;
}

const METHODS = 'OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER';
const SESSION_TIMEOUT_S = 60;
const MAX_SESSIONS = 4;
const MAX_PENDING_REQUESTS = 16;
/** Refusals before the connection is closed: guessing passwords takes a new connection every few tries. */
const MAX_REFUSALS = 4;
/** A peer that takes nothing for so long is cut off. */
const STUCK_MS = 15_000;

interface Answer {
  status: number;
  reason: string;
  headers?: HeaderValues;
  body?: string;
}

const NOT_FOUND: Answer = { status: 404, reason: 'Not Found' };
const NO_SESSION: Answer = { status: 454, reason: 'Session Not Found' };

export class RtspConnection {
  private readonly socket: Socket;
  private readonly deps: RtspConnectionDeps;
  private readonly sessions = new Map<string, RtspSession>();
  private heardMs: number;
  private takenMs: number;
  private refusals = 0;
  private pending = 0;
  private overTcp = false;
  private work: Promise<void> = Promise.resolve();

  constructor(socket: Socket, deps: RtspConnectionDeps) {
    this.socket = socket;
    this.deps = deps;
    this.heardMs = this.takenMs = deps.clock.monotonicMs();
    socket.setNoDelay(true);
    const parser = new RtspParser((item) => this.receive(item));
    socket.on('data', (bytes: Buffer) => {
      this.heardMs = deps.clock.monotonicMs();
      try {
        parser.push(bytes);
      } catch (error) {
        deps.log.debug({ problem: messageOf(error) }, 'RTSP client sends what is not RTSP');
        socket.destroy();
      }
    });
    socket.on('drain', () => {
      this.takenMs = deps.clock.monotonicMs();
    });
    // 'close' follows, and that ends the sessions.
    socket.on('error', () => {});
    socket.on('close', () => this.closeSessions());
  }

  /** To be called every few seconds: ends what is stuck or was left. */
  check(): void {
    const nowMs = this.deps.clock.monotonicMs();
    if (this.socket.writableLength === 0) this.takenMs = nowMs;
    const isSilent = nowMs - this.heardMs > (SESSION_TIMEOUT_S + 10) * 1000;
    const isReading =
      this.socket.writableLength === 0 &&
      [...this.sessions.values()].some((one) => one.playing && this.overTcp);
    if (nowMs - this.takenMs > STUCK_MS || (isSilent && !isReading)) this.socket.destroy();
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(item: RtspItem): void {
    // Interleaved frames from a client are its reception reports: a sign of life, nothing more.
    if (item.kind !== 'request') return;
    if (this.pending >= MAX_PENDING_REQUESTS) {
      this.close();
      return;
    }
    this.pending += 1;
    this.work = this.work.then(async () => {
      const answer = await this.answer(item).catch((error: unknown) => {
        this.deps.log.debug({ problem: messageOf(error) }, 'RTSP request failed');
        return { status: 503, reason: 'Service Unavailable' };
      });
      this.pending -= 1;
      this.send(item, answer);
    });
  }

  private send(request: RtspRequest, { status, reason, headers, body }: Answer): void {
    if (!this.socket.writable) return;
    const all: HeaderValues = { CSeq: headerOf(request, 'CSeq') ?? '0', Server: 'Threshold NVR', ...headers };
    this.socket.write(buildResponse(status, reason, all, body));
    if (status === 401 && this.refusals >= MAX_REFUSALS) this.socket.end();
    // Frames may follow only now: the answer to PLAY has to come before them.
    if (status === 200 && request.method === 'PLAY') this.sessionOf(request)?.play();
  }

  private async answer(request: RtspRequest): Promise<Answer> {
    if (request.method === 'OPTIONS') return { status: 200, reason: 'OK', headers: { Public: METHODS } };
    const check = this.deps.authenticator.check(
      request.method,
      request.uri,
      headerOf(request, 'Authorization'),
    );
    if (check.result !== 'ok') {
      if (check.result === 'wrong') this.refusals += 1;
      const challenges = this.deps.authenticator.challenges(check.result === 'stale');
      return { status: 401, reason: 'Unauthorized', headers: { 'WWW-Authenticate': challenges } };
    }
    switch (request.method) {
      case 'DESCRIBE':
        return this.describe(request);
      case 'SETUP':
        return this.setup(request);
      case 'PLAY':
        return this.forSession(request, (session) => ({ Session: session.id, Range: 'npt=now-' }));
      case 'PAUSE':
        return this.forSession(request, (session) => {
          session.pause();
          return { Session: session.id };
        });
      case 'TEARDOWN':
        return this.forSession(request, (session) => {
          session.close();
          this.sessions.delete(session.id);
          return {};
        });
      case 'GET_PARAMETER':
      case 'SET_PARAMETER':
        return { status: 200, reason: 'OK', headers: { Session: this.sessionOf(request)?.id } };
      default:
        return { status: 501, reason: 'Not Implemented', headers: { Public: METHODS } };
    }
  }

  private async describe(request: RtspRequest): Promise<Answer> {
    const { mount } = parseTarget(request.uri);
    const source = this.deps.sourceAt(mount);
    if (!source) return NOT_FOUND;
    const sdp = buildSdp({
      name: mount,
      address: this.socket.localAddress ?? '127.0.0.1',
      sessionId: Math.round(this.deps.clock.epochMs()),
      media: buildMediaOffers(await source.describe()),
    });
    const base = request.uri.replace(/\?.*$/, '').replace(/\/*$/, '/');
    return {
      status: 200,
      reason: 'OK',
      headers: { 'Content-Type': 'application/sdp', 'Content-Base': base },
      body: sdp,
    };
  }

  private async setup(request: RtspRequest): Promise<Answer> {
    const { mount, track } = parseTarget(request.uri);
    const source = this.deps.sourceAt(mount);
    if (!source || !track) return NOT_FOUND;
    const wanted = parseTransport(headerOf(request, 'Transport'));
    if (!wanted) return { status: 461, reason: 'Unsupported Transport' };
    const named = headerOf(request, 'Session') !== null;
    let session = this.sessionOf(request);
    if (named && session?.mount !== mount) return NO_SESSION;
    if (session?.playing) return { status: 455, reason: 'Method Not Valid in This State' };
    if (!session && this.sessions.size >= MAX_SESSIONS)
      return { status: 453, reason: 'Not Enough Bandwidth' };
    const description = await source.describe();
    if (track === 'audio' && !description.audio) return NOT_FOUND;
    const transport =
      wanted.kind === 'interleaved'
        ? createInterleavedTransport(this.socket, wanted.channels ?? (track === 'video' ? [0, 1] : [2, 3]))
        : await createUdpTransport(
            this.socket.localAddress ?? '127.0.0.1',
            this.socket.remoteAddress ?? '',
            wanted.clientPorts,
            () => {
              this.heardMs = this.deps.clock.monotonicMs();
            },
          );
    if (this.socket.destroyed) {
      transport.close();
      return NO_SESSION;
    }
    this.overTcp ||= wanted.kind === 'interleaved';
    session ??= new RtspSession(mount, source, description, () => this.close());
    this.sessions.set(session.id, session);
    session.add(track, transport);
    return {
      status: 200,
      reason: 'OK',
      headers: { Session: `${session.id};timeout=${SESSION_TIMEOUT_S}`, Transport: transport.header },
    };
  }

  private forSession(request: RtspRequest, action: (session: RtspSession) => HeaderValues): Answer {
    const session = this.sessionOf(request);
    return session ? { status: 200, reason: 'OK', headers: action(session) } : NO_SESSION;
  }

  private sessionOf(request: RtspRequest): RtspSession | null {
    const id = headerOf(request, 'Session')?.split(';')[0]?.trim();
    return id === undefined ? null : (this.sessions.get(id) ?? null);
  }

  private closeSessions(): void {
    for (const session of this.sessions.values()) {
      if (session.droppedGops > 0)
        this.deps.log.info(
          { mount: session.mount, droppedGops: session.droppedGops },
          'a slow RTSP client lost pictures',
        );
      session.close();
    }
    this.sessions.clear();
  }
}

/** The stream's path and, where the URL names one, the track. */
export function parseTarget(uri: string): { mount: string; track: TrackKind | null } {
  let path = uri
    .replace(/^rtsps?:\/\/[^/]*/i, '')
    .replace(/\?.*$/, '')
    .replaceAll(/^\/+|\/+$/g, '');
  let track: TrackKind | null = null;
  for (const kind of ['video', 'audio'] as const) {
    if (path !== TRACK_CONTROL[kind] && !path.endsWith(`/${TRACK_CONTROL[kind]}`)) continue;
    path = path.slice(0, -TRACK_CONTROL[kind].length).replace(/\/+$/, '');
    track = kind;
  }
  return { mount: decodePath(path), track };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
