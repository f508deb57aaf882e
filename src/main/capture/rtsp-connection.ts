/** One RTSP connection over TCP or TLS: requests with their answers, sign-in, and what arrives in between. No session state. */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ClientAuthenticator } from '../media/rtsp/auth.ts';
import {
  buildInterleaved,
  buildRequest,
  buildResponse,
  type HeaderValues,
  headerOf,
  type RtspItem,
  RtspParser,
  type RtspRequest,
  type RtspResponse,
} from '../media/rtsp/message.ts';
import type { Clock } from '../platform/clock.ts';
import { type CaptureFailure, ended, failureOfSocket, failureOfStatus, noAnswer } from './failure.ts';
import type { RtspAddress } from './rtsp-url.ts';

export interface RtspConnectionOptions {
  address: RtspAddress;
  clock: Clock;
  /** `data` is a view of received bytes, good only during the call. */
  onInterleaved(channel: number, data: Buffer): void;
  /** Called once, when the connection is gone for whatever reason other than `close`. */
  onLost(failure: CaptureFailure): void;
}

const CONNECT_TIMEOUT_MS = 5000;
/** Cameras that sleep, and servers that wait for a key frame before they describe a stream, take seconds. */
const ANSWER_TIMEOUT_MS = 8000;
/** A body of unknown length is taken as complete after this much silence. */
const BODY_SILENCE_MS = 300;
/** Reports that the camera does not read are dropped beyond this. */
const MAX_UNSENT_BYTES = 256 * 1024;
const READ_BYTES = 64 * 1024;
const USER_AGENT = 'Threshold NVR';

interface PendingAnswer {
  resolve(response: RtspResponse): void;
  reject(failure: CaptureFailure): void;
}

export class RtspConnection {
  private readonly options: RtspConnectionOptions;
  private readonly authenticator: ClientAuthenticator;
  private readonly parser: RtspParser;
  private readonly pending = new Map<number, PendingAnswer>();
  private socket: Socket | null = null;
  private sequence = 0;
  private closed = false;
  private cancelSilence: (() => void) | null = null;

  constructor(options: RtspConnectionOptions) {
    this.options = options;
    this.authenticator = new ClientAuthenticator(options.address.credentials);
    this.parser = new RtspParser((item) => this.take(item));
  }

  /** The address of the other end, for packets that come by UDP. */
  get remoteAddress(): string | null {
    return this.socket?.remoteAddress ?? null;
  }

  /** The family and address this end uses. */
  get localAddress(): string | null {
    return this.socket?.localAddress ?? null;
  }

  /** Throws CaptureFailure. */
  async open(): Promise<void> {
    const { host, port, secure } = this.options.address;
    await new Promise<void>((resolve, reject) => {
      // Cameras sign their own certificates: TLS here keeps others from listening, it does not prove who answers.
      const socket = secure
        ? connectTls({ host, port, rejectUnauthorized: false, ...(isIP(host) ? {} : { servername: host }) })
        : connectTcp({ host, port, onread: this.reader() });
      this.socket = socket;
      socket.setNoDelay(true);
      socket.setKeepAlive(true, 10_000);
      const cancel = this.options.clock.after(CONNECT_TIMEOUT_MS, () =>
        socket.destroy(Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT' })),
      );
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        cancel();
        resolve();
      });
      if (secure) socket.on('data', (chunk) => this.receive(chunk));
      socket.once('error', (error) => {
        cancel();
        const failure = failureOfSocket(error);
        reject(failure);
        this.lose(failure);
      });
      socket.once('close', () => {
        cancel();
        reject(ended());
        this.lose(ended());
      });
    });
  }

  /**
   * Sends a request, answers one challenge, and resolves with the response, whatever its status other than 401.
   * Throws CaptureFailure when none comes or the credentials are refused.
   */
  async request(method: string, url: string, headers: HeaderValues = {}): Promise<RtspResponse> {
    for (let round = 0; ; round++) {
      const response = await this.exchange(method, url, headers);
      if (response.status !== 401) {
        this.authenticator.accepted();
        return response;
      }
      const challenges = response.headers.get('www-authenticate') ?? [];
      if (round >= 3 || !this.authenticator.challenged(challenges))
        throw failureOfStatus(401, response.reason, this.options.address.credentials !== null);
    }
  }

  /** Sends without waiting for an answer (TEARDOWN on the way out). */
  sendRequest(method: string, url: string, headers: HeaderValues = {}): void {
    this.write(this.build(method, url, headers, ++this.sequence));
  }

  /** A packet to the camera in the stream of messages; dropped when the camera does not read. */
  sendInterleaved(channel: number, packet: Buffer): void {
    if ((this.socket?.writableLength ?? 0) < MAX_UNSENT_BYTES) this.write(buildInterleaved(channel, packet));
  }

  /** Sends what is still to be sent and closes; resolves when the socket is gone. */
  async close(): Promise<void> {
    this.closed = true;
    this.cancelSilence?.();
    const { socket } = this;
    this.reject(ended());
    if (!socket || socket.destroyed) return;
    await new Promise<void>((resolve) => {
      const cancel = this.options.clock.after(500, () => socket.destroy());
      socket.once('close', () => {
        cancel();
        resolve();
      });
      if (socket.connecting) socket.destroy();
      else socket.destroySoon();
    });
  }

  /** All reads go into one buffer, whose bytes are used up in the call: a new buffer for each would keep the collector busy. */
  private reader() {
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    return {
      buffer,
      callback: (size: number) => {
        this.receive(buffer.subarray(0, size));
        return true;
      },
    };
  }

  private exchange(method: string, url: string, headers: HeaderValues): Promise<RtspResponse> {
    const sequence = ++this.sequence;
    return new Promise((resolve, reject) => {
      if (this.closed || !this.socket || this.socket.destroyed) {
        reject(ended());
        return;
      }
      const cancel = this.options.clock.after(ANSWER_TIMEOUT_MS, () => {
        this.pending.delete(sequence);
        reject(noAnswer(method));
      });
      this.pending.set(sequence, {
        resolve(response) {
          cancel();
          resolve(response);
        },
        reject(failure) {
          cancel();
          reject(failure);
        },
      });
      this.write(this.build(method, url, headers, sequence));
    });
  }

  private build(method: string, url: string, headers: HeaderValues, sequence: number): Buffer {
    const authorization = this.authenticator.authorize(method, url) ?? undefined;
    return buildRequest(method, url, {
      CSeq: sequence,
      Authorization: authorization,
      'User-Agent': USER_AGENT,
      ...headers,
    });
  }

  private write(bytes: Buffer): void {
    if (this.socket && !this.socket.destroyed && this.socket.writable) this.socket.write(bytes);
  }

  private receive(chunk: Buffer): void {
    if (this.closed) return;
    try {
      this.parser.push(chunk);
    } catch (error) {
      this.lose(failureOfSocket(error));
      this.socket?.destroy();
      return;
    }
    this.cancelSilence?.();
    this.cancelSilence = this.parser.awaitsEnd
      ? this.options.clock.after(BODY_SILENCE_MS, () => this.parser.finish())
      : null;
  }

  private take(item: RtspItem): void {
    if (this.closed) return;
    if (item.kind === 'interleaved') this.options.onInterleaved(item.channel, item.data);
    else if (item.kind === 'request') this.answer(item);
    else this.settle(item);
  }

  private settle(response: RtspResponse): void {
    if (response.status < 200) return;
    const named = Number.parseInt(headerOf(response, 'cseq') ?? '', 10);
    // Some devices leave CSeq out; one request is under way at a time, so the oldest is meant.
    const sequence = this.pending.has(named)
      ? named
      : Number.isNaN(named)
        ? [...this.pending.keys()][0]
        : named;
    const waiting = sequence === undefined ? undefined : this.pending.get(sequence);
    if (sequence === undefined || !waiting) return;
    this.pending.delete(sequence);
    waiting.resolve(response);
  }

  /** The camera asks something: it wants to know that we are here, or says that it is over. */
  private answer(request: RtspRequest): void {
    const known = ['OPTIONS', 'GET_PARAMETER', 'SET_PARAMETER', 'ANNOUNCE', 'TEARDOWN', 'REDIRECT'];
    const ok = known.includes(request.method);
    const headers = { CSeq: headerOf(request, 'cseq') ?? undefined };
    this.write(buildResponse(ok ? 200 : 501, ok ? 'OK' : 'Not Implemented', headers));
    if (request.method === 'TEARDOWN' || request.method === 'REDIRECT') {
      this.lose(ended());
      this.socket?.destroySoon();
    }
  }

  private lose(failure: CaptureFailure): void {
    if (this.closed) return;
    this.closed = true;
    this.cancelSilence?.();
    this.reject(failure);
    this.options.onLost(failure);
  }

  private reject(failure: CaptureFailure): void {
    for (const waiting of this.pending.values()) waiting.reject(failure);
    this.pending.clear();
  }
}
