/**
 * An RTSP session as a client: OPTIONS, DESCRIBE, SETUP, PLAY, keep-alive, reports, TEARDOWN; over TCP interleaved or UDP.
 * Hands on RTP packets in order per track; knows nothing of codecs beyond what the description names.
 */
import { randomInt } from 'node:crypto';
import type { StreamFacts } from '../../shared/contract-cameras.ts';
import { headerOf, type RtspResponse } from '../media/rtsp/message.ts';
import type { SenderReport } from '../media/rtsp/rtp.ts';
import { findTrack, parseRtpInfo } from '../media/rtsp/rtp-info.ts';
import { controlUrls, parseSdp, type SessionDescription } from '../media/rtsp/sdp.ts';
import {
  buildTcp,
  buildUdp,
  DEFAULT_SESSION_TIMEOUT_S,
  readContentBase,
  readSession,
  readTransport,
} from '../media/rtsp/session-headers.ts';
import { type Clock, repeat } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { type CaptureFailure, ended, failureOfStatus } from './failure.ts';
import { ReceivedTrack, type SessionTrack, UDP_WAIT_MS } from './received-track.ts';
import { Redirected, RtspPeer } from './rtsp-peer.ts';
import { UdpPorts } from './udp-ports.ts';

export interface RtspSessionOptions {
  /** With credentials. */
  url: string;
  transport: 'tcp' | 'udp';
  clock: Clock;
  log: Logger;
  /**
   * Picks what to receive; the first track must be set up, the others may fail. Called again where the camera redirects after
   * it has described itself: then only the last choice counts. Throws CaptureFailure.
   */
  chooseTracks(description: SessionDescription): SessionTrack[];
  onLost(failure: CaptureFailure): void;
}

const REPORT_INTERVAL_MS = 5000;
/** Refusals of a SETUP that mean the address rather than the request. */
const WRONG_ADDRESS = [400, 404, 454, 459];
const FIRST_PLAUSIBLE_MS = Date.UTC(2015, 0);

export class RtspSession {
  private readonly options: RtspSessionOptions;
  private readonly peer: RtspPeer;
  private tracks: ReceivedTrack[] = [];
  private readonly ownSsrc = randomInt(1, 2 ** 32 - 1);
  private baseUrl = '';
  /** Which of `controlUrls` this camera understands. */
  private controlWay = 0;
  private sessionId: string | null = null;
  private sessionTimeoutS = DEFAULT_SESSION_TIMEOUT_S;
  private keepAliveMethod = 'OPTIONS';
  private clockAheadMs: number | null = null;
  private timers: Array<() => void> = [];
  private stopped = false;

  constructor(options: RtspSessionOptions) {
    this.options = options;
    this.peer = new RtspPeer({
      ...{ url: options.url, clock: options.clock },
      onInterleaved: (channel, data) => this.receive(channel, data),
      onLost: (failure) => {
        if (!this.stopped) options.onLost(failure);
      },
    });
  }

  /** Connects and plays; resolves when the camera has agreed to send. Throws CaptureFailure. */
  async start(): Promise<void> {
    for (;;) {
      try {
        await this.begin();
        return;
      } catch (error) {
        if (!(error instanceof Redirected)) throw error;
        await this.letGo();
        if (this.stopped) throw ended();
        await this.peer.moveTo(error.location);
        if (this.stopped) throw ended();
      }
    }
  }

  /** How the first track's packets arrive. */
  network(): StreamFacts['network'] {
    const first = this.tracks[0];
    if (!first) return null;
    const { jitterMs, received, lost } = first.reception.facts();
    return {
      jitterMs: Math.round(jitterMs * 10) / 10,
      ...{ packetsReceived: received, packetsLost: lost },
      clockAheadMs: this.clockAheadMs,
    };
  }

  /** Says goodbye and lets go of sockets and ports. */
  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    for (const cancel of this.timers) cancel();
    await Promise.all([this.letGo(), this.peer.connection.close()]);
  }

  private async begin(): Promise<void> {
    const description = await this.describe();
    for (const [index, track] of this.options.chooseTracks(description).entries()) {
      if (this.stopped) throw ended();
      try {
        await this.setup(track);
      } catch (error) {
        if (error instanceof Redirected) throw error.fromTrack(track.media.control);
        if (index === 0) throw error;
        this.options.log.warn({ kind: track.media.kind, error }, 'a further track could not be set up');
      }
    }
    const aggregate = this.urlsOf(description.control)[this.controlWay]!;
    const response = await this.peer.request('PLAY', aggregate, {
      ...this.sessionHeader(),
      Range: 'npt=0.000-',
    });
    if (response.status >= 300) throw failureOfStatus(response.status, response.reason, true);
    this.noteStarts(headerOf(response, 'rtp-info') ?? '');
    if (!this.stopped) this.keepAlive(aggregate);
  }

  private noteStarts(header: string): void {
    const urls = this.tracks.map(({ url }) => url);
    for (const { url, rtpTimestamp } of parseRtpInfo(header))
      if (rtpTimestamp !== null) this.tracks[findTrack(url, urls)]?.track.onStart?.(rtpTimestamp);
  }

  private async describe(): Promise<SessionDescription> {
    await this.peer.connection.open();
    const { url, credentials } = this.peer.address;
    const options = await this.peer.request('OPTIONS', url);
    const knowsParameters = /GET_PARAMETER/i.test(headerOf(options, 'public') ?? '');
    this.keepAliveMethod = knowsParameters ? 'GET_PARAMETER' : 'OPTIONS';
    const response = await this.peer.request('DESCRIBE', url, { Accept: 'application/sdp' });
    if (response.status >= 300) throw failureOfStatus(response.status, response.reason, credentials !== null);
    this.baseUrl = readContentBase(response, url);
    this.controlWay = 0;
    return parseSdp(response.body.toString('utf8'));
  }

  /** Ends what was set up at the camera. */
  private async letGo(): Promise<void> {
    if (this.sessionId) this.peer.connection.sendRequest('TEARDOWN', this.baseUrl, this.sessionHeader());
    this.sessionId = null;
    const tracks = this.tracks;
    this.tracks = [];
    await Promise.all(tracks.map((active) => active.ports?.close()));
  }

  private urlsOf(control: string | null): string[] {
    return controlUrls(this.baseUrl, this.peer.address.url, control);
  }

  /** What the track's `control` means is tried out where the camera refuses: first as it was meant by the track before. */
  private async setup(track: SessionTrack): Promise<void> {
    const urls = this.urlsOf(track.media.control);
    let refused: RtspResponse | null = null;
    for (const url of new Set([urls[this.controlWay]!, ...urls])) {
      const answer = await this.setupAt(track, url);
      if (!answer) {
        this.controlWay = urls.indexOf(url);
        return;
      }
      refused ??= answer;
      if (this.stopped || !WRONG_ADDRESS.includes(answer.status)) break;
    }
    if (refused) throw failureOfStatus(refused.status, refused.reason, true);
  }

  /** In the other transport where the camera offers that one only. Null when it is set up, otherwise the camera's refusal. */
  private async setupAt(track: SessionTrack, url: string): Promise<RtspResponse | null> {
    const { transport } = this.options;
    const refused = await this.trySetup(track, url, transport);
    if (refused?.status !== 461) return refused;
    const other = transport === 'tcp' ? 'udp' : 'tcp';
    this.options.log.info({ transport: other }, 'the camera offers the other transport only');
    return this.trySetup(track, url, other);
  }

  /** Null when it is set up, otherwise the camera's refusal. */
  private async trySetup(
    track: SessionTrack,
    url: string,
    transport: 'tcp' | 'udp',
  ): Promise<RtspResponse | null> {
    const active = new ReceivedTrack(track, transport, this.tracks.length * 2, this.options.clock);
    if (transport === 'udp') {
      active.ports = await UdpPorts.open({
        remoteHost: this.peer.connection.remoteAddress ?? this.peer.address.host,
        onMedia: (packet) => this.takeMedia(active, packet),
        onReport: (packet) => this.takeReport(active, packet),
      });
    }
    this.tracks.push(active);
    const response = await this.peer.request('SETUP', url, {
      Transport: active.ports ? buildUdp(active.ports.mediaPort) : buildTcp(active.channel),
      ...this.sessionHeader(),
    });
    if (response.status >= 300) {
      this.tracks.pop();
      await active.ports?.close();
      return response;
    }
    this.noteSession(response);
    active.url = url;
    const { channel, serverPorts } = readTransport(response);
    active.channel = channel ?? active.channel;
    if (serverPorts) active.ports?.aim(serverPorts.media, serverPorts.reports);
    return null;
  }

  private noteSession(response: RtspResponse): void {
    const session = readSession(response);
    if (!session) return;
    this.sessionId = session.id;
    this.sessionTimeoutS = session.timeoutS;
  }

  private sessionHeader(): { Session?: string } {
    return this.sessionId ? { Session: this.sessionId } : {};
  }

  private receive(channel: number, data: Buffer): void {
    for (const active of this.tracks) {
      if (active.ports) continue;
      if (channel === active.channel) this.takeMedia(active, data);
      else if (channel === active.channel + 1) this.takeReport(active, data);
    }
  }

  private takeMedia(active: ReceivedTrack, data: Buffer): void {
    if (!this.stopped) active.takeMedia(data);
  }

  private takeReport(active: ReceivedTrack, data: Buffer): void {
    if (this.stopped) return;
    const { senderReports, isOver } = active.takeReport(data);
    if (active !== this.tracks[0]) return;
    for (const report of senderReports) this.clockAheadMs = this.readClock(report);
    if (isOver) this.options.onLost(ended());
  }

  /** A camera that was never set counts from 1900 or 1970. */
  private readClock({ ntpEpochMs }: SenderReport): number | null {
    return ntpEpochMs < FIRST_PLAUSIBLE_MS ? null : Math.round(ntpEpochMs - this.options.clock.epochMs());
  }

  private keepAlive(url: string): void {
    const everyMs = Math.min(30, this.sessionTimeoutS / 2) * 1000;
    const { clock } = this.options;
    this.timers.push(
      repeat(clock, everyMs, () => void this.ping(url)),
      repeat(clock, REPORT_INTERVAL_MS, () => this.report()),
    );
    const expire = () => {
      for (const active of this.tracks) active.expire();
    };
    if (this.tracks.some((active) => active.ports)) this.timers.push(repeat(clock, UDP_WAIT_MS / 2, expire));
  }

  private async ping(url: string): Promise<void> {
    try {
      const response = await this.peer.connection.request(this.keepAliveMethod, url, this.sessionHeader());
      if (response.status === 454) this.options.onLost(failureOfStatus(454, response.reason, true));
      // Some devices name a method as known and then refuse it.
      else if (response.status >= 400) this.keepAliveMethod = 'OPTIONS';
    } catch (error) {
      // A camera that sends pictures but does not answer is alive: the watch over the frames decides.
      if (!this.stopped) this.options.log.debug({ error }, 'keep-alive was not answered');
    }
  }

  private report(): void {
    for (const active of this.tracks) {
      const packet = active.buildReport(this.ownSsrc);
      if (!packet) continue;
      if (active.ports) active.ports.sendReport(packet);
      else this.peer.connection.sendInterleaved(active.channel + 1, packet);
    }
  }
}
