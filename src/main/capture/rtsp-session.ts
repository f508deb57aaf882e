/**
 * An RTSP session as a client: OPTIONS, DESCRIBE, SETUP, PLAY, keep-alive, reports, TEARDOWN; over TCP interleaved or UDP.
 * Hands on RTP packets in order per track; knows nothing of codecs beyond what the description names.
 */
import { randomInt } from 'node:crypto';
import type { StreamFacts } from '../../shared/contract-cameras.ts';
import { headerOf, type RtspResponse } from '../media/rtsp/message.ts';
import { Reception } from '../media/rtsp/reception.ts';
import { ReorderBuffer } from '../media/rtsp/reorder.ts';
import {
  buildReceiverReport,
  parseRtcp,
  parseRtp,
  type RtpPacket,
  type SenderReport,
} from '../media/rtsp/rtp.ts';
import { parseSdp, resolveControl, type SdpMedia, type SessionDescription } from '../media/rtsp/sdp.ts';
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
import { RtspConnection } from './rtsp-connection.ts';
import { parseRtspUrl, type RtspAddress } from './rtsp-url.ts';
import { UdpPorts } from './udp-ports.ts';

export interface SessionTrack {
  media: SdpMedia;
  onPacket(packet: RtpPacket, lost: number): void;
  onSenderReport?(report: SenderReport): void;
}

export interface RtspSessionOptions {
  /** With credentials. */
  url: string;
  transport: 'tcp' | 'udp';
  clock: Clock;
  log: Logger;
  /** Picks what to receive; the first track must be set up, the others may fail. Throws CaptureFailure. */
  chooseTracks(description: SessionDescription): SessionTrack[];
  onLost(failure: CaptureFailure): void;
}

const MAX_REDIRECTS = 3;
const REPORT_INTERVAL_MS = 5000;
const UDP_HELD_PACKETS = 64;
const UDP_WAIT_MS = 80;
const FIRST_PLAUSIBLE_MS = Date.UTC(2015, 0);

interface ActiveTrack {
  track: SessionTrack;
  reorder: ReorderBuffer;
  ports: UdpPorts | null;
  channel: number;
  reception: Reception;
}

export class RtspSession {
  private readonly options: RtspSessionOptions;
  private address: RtspAddress;
  private connection: RtspConnection;
  private readonly tracks: ActiveTrack[] = [];
  private readonly ownSsrc = randomInt(1, 2 ** 32 - 1);
  private baseUrl = '';
  private sessionId: string | null = null;
  private sessionTimeoutS = DEFAULT_SESSION_TIMEOUT_S;
  private keepAliveMethod = 'OPTIONS';
  private clockAheadMs: number | null = null;
  private timers: Array<() => void> = [];
  private stopped = false;

  constructor(options: RtspSessionOptions) {
    this.options = options;
    this.address = parseRtspUrl(options.url);
    this.connection = this.connect();
  }

  /** Connects and plays; resolves when the camera has agreed to send. Throws CaptureFailure. */
  async start(): Promise<void> {
    const description = await this.describe();
    const chosen = this.options.chooseTracks(description);
    for (const [index, track] of chosen.entries()) {
      if (this.stopped) throw ended();
      try {
        await this.setup(track, resolveControl(this.baseUrl, track.media.control));
      } catch (error) {
        if (index === 0) throw error;
        this.options.log.warn({ kind: track.media.kind, error }, 'a further track could not be set up');
      }
    }
    const aggregate = resolveControl(this.baseUrl, description.control);
    const response = await this.connection.request('PLAY', aggregate, {
      ...this.sessionHeader(),
      Range: 'npt=0.000-',
    });
    if (response.status >= 300) throw failureOfStatus(response.status, response.reason, true);
    if (!this.stopped) this.keepAlive(aggregate);
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
    if (this.sessionId) this.connection.sendRequest('TEARDOWN', this.baseUrl, this.sessionHeader());
    await this.connection.close();
    await Promise.all(this.tracks.map((active) => active.ports?.close()));
  }

  private connect(): RtspConnection {
    return new RtspConnection({
      address: this.address,
      clock: this.options.clock,
      onInterleaved: (channel, data) => this.receive(channel, data),
      onLost: (failure) => {
        if (!this.stopped) this.options.onLost(failure);
      },
    });
  }

  private async describe(): Promise<SessionDescription> {
    for (let redirects = 0; ; redirects++) {
      await this.connection.open();
      const { url } = this.address;
      const options = await this.connection.request('OPTIONS', url);
      if (/GET_PARAMETER/i.test(headerOf(options, 'public') ?? '')) this.keepAliveMethod = 'GET_PARAMETER';
      const response = await this.connection.request('DESCRIBE', url, { Accept: 'application/sdp' });
      const location = headerOf(response, 'location');
      if (response.status >= 300 && response.status < 400 && location && redirects < MAX_REDIRECTS) {
        await this.redirect(location);
        continue;
      }
      if (response.status >= 300)
        throw failureOfStatus(response.status, response.reason, this.address.credentials !== null);
      this.baseUrl = readContentBase(response, this.address.url);
      return parseSdp(response.body.toString('utf8'));
    }
  }

  /** Credentials go along only to the same host. */
  private async redirect(location: string): Promise<void> {
    await this.connection.close();
    const next = parseRtspUrl(resolveControl(this.address.url, location));
    const sameHost = next.host.toLowerCase() === this.address.host.toLowerCase();
    this.address = { ...next, credentials: next.credentials ?? (sameHost ? this.address.credentials : null) };
    this.connection = this.connect();
  }

  private async setup(track: SessionTrack, url: string): Promise<void> {
    const { transport } = this.options;
    const refused = await this.trySetup(track, url, transport);
    if (refused?.status === 461) {
      const other = transport === 'tcp' ? 'udp' : 'tcp';
      this.options.log.info({ transport: other }, 'the camera offers the other transport only');
      const again = await this.trySetup(track, url, other);
      if (again) throw failureOfStatus(again.status, again.reason, true);
    } else if (refused) throw failureOfStatus(refused.status, refused.reason, true);
  }

  /** Null when it is set up, otherwise the camera's refusal. */
  private async trySetup(
    track: SessionTrack,
    url: string,
    transport: 'tcp' | 'udp',
  ): Promise<RtspResponse | null> {
    const active = this.makeTrack(track, transport);
    if (transport === 'udp') {
      active.ports = await UdpPorts.open({
        remoteHost: this.connection.remoteAddress ?? this.address.host,
        onMedia: (packet) => this.takeMedia(active, packet),
        onReport: (packet) => this.takeReport(active, packet),
      });
    }
    this.tracks.push(active);
    const response = await this.connection.request('SETUP', url, {
      Transport: active.ports ? buildUdp(active.ports.mediaPort) : buildTcp(active.channel),
      ...this.sessionHeader(),
    });
    if (response.status >= 300) {
      this.tracks.pop();
      await active.ports?.close();
      return response;
    }
    this.noteSession(response);
    const { channel, serverPorts } = readTransport(response);
    active.channel = channel ?? active.channel;
    if (serverPorts) active.ports?.aim(serverPorts.media, serverPorts.reports);
    return null;
  }

  private makeTrack(track: SessionTrack, transport: 'tcp' | 'udp'): ActiveTrack {
    const reorder = new ReorderBuffer({
      maxHeld: transport === 'udp' ? UDP_HELD_PACKETS : 0,
      maxWaitMs: UDP_WAIT_MS,
      monotonicMs: () => this.options.clock.monotonicMs(),
      deliver: (packet, lost) => track.onPacket(packet, lost),
    });
    const channel = this.tracks.length * 2;
    return { track, reorder, ports: null, channel, reception: new Reception(track.media.clockRate) };
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

  private takeMedia(active: ActiveTrack, data: Buffer): void {
    if (this.stopped) return;
    const packet = parseRtp(data);
    if (!packet || packet.payloadType !== active.track.media.payloadType) return;
    active.reception.packet(packet, this.options.clock.monotonicMs());
    active.reorder.push(packet);
  }

  private takeReport(active: ActiveTrack, data: Buffer): void {
    if (this.stopped) return;
    const { senderReports, goodbyes } = parseRtcp(data);
    for (const report of senderReports) {
      active.reception.senderReport(report, this.options.clock.monotonicMs());
      if (active === this.tracks[0]) this.clockAheadMs = this.readClock(report);
      active.track.onSenderReport?.(report);
    }
    const { source } = active.reception;
    if (source !== null && goodbyes.includes(source) && active === this.tracks[0])
      this.options.onLost(ended());
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
      for (const active of this.tracks) active.reorder.expire();
    };
    if (this.tracks.some((active) => active.ports)) this.timers.push(repeat(clock, UDP_WAIT_MS / 2, expire));
  }

  private async ping(url: string): Promise<void> {
    try {
      const response = await this.connection.request(this.keepAliveMethod, url, this.sessionHeader());
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
      const report = active.reception.report(this.options.clock.monotonicMs());
      if (!report) continue;
      const packet = buildReceiverReport(this.ownSsrc, [report], 'threshold');
      if (active.ports) active.ports.sendReport(packet);
      else this.connection.sendInterleaved(active.channel + 1, packet);
    }
  }
}
