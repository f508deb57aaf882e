/** The camera at the other end, wherever its redirects lead: its address, and one connection to it at a time. */
import { type HeaderValues, headerOf, type RtspResponse } from '../media/rtsp/message.ts';
import { resolveControl } from '../media/rtsp/sdp.ts';
import type { Clock } from '../platform/clock.ts';
import type { CaptureFailure } from './failure.ts';
import { RtspConnection } from './rtsp-connection.ts';
import { parseRtspUrl, type RtspAddress } from './rtsp-url.ts';

export interface RtspPeerOptions {
  /** With credentials. */
  url: string;
  clock: Clock;
  /** `data` is a view of received bytes, good only during the call. */
  onInterleaved(channel: number, data: Buffer): void;
  onLost(failure: CaptureFailure): void;
}

const MAX_REDIRECTS = 3;

/** The camera names another place, where the conversation is to begin anew. */
export class Redirected extends Error {
  readonly location: string;

  constructor(location: string) {
    super('the camera redirects');
    this.location = location;
  }

  /** The answer to a track's SETUP may name the track's new place: the conversation begins anew at what holds it. */
  fromTrack(control: string | null): Redirected {
    const end = `/${control}`;
    return this.location.endsWith(end) ? new Redirected(this.location.slice(0, -end.length)) : this;
  }
}

export class RtspPeer {
  private readonly options: RtspPeerOptions;
  private redirects = 0;
  address: RtspAddress;
  connection: RtspConnection;

  /** Throws CaptureFailure when the address makes no sense. */
  constructor(options: RtspPeerOptions) {
    this.options = options;
    this.address = parseRtspUrl(options.url);
    this.connection = this.connect();
  }

  /** The camera's answer, whatever its status. Throws Redirected, as often as is allowed, and CaptureFailure when none comes. */
  async request(method: string, url: string, headers: HeaderValues = {}): Promise<RtspResponse> {
    const response = await this.connection.request(method, url, headers);
    const location = headerOf(response, 'location');
    if (response.status < 300 || response.status >= 400 || !location || this.redirects >= MAX_REDIRECTS)
      return response;
    this.redirects++;
    throw new Redirected(location);
  }

  /** Turns to another address; credentials go along only to the same host. The connection is not open yet. */
  async moveTo(location: string): Promise<void> {
    await this.connection.close();
    const next = parseRtspUrl(resolveControl(this.address.url, location));
    const sameHost = next.host.toLowerCase() === this.address.host.toLowerCase();
    this.address = { ...next, credentials: next.credentials ?? (sameHost ? this.address.credentials : null) };
    this.connection = this.connect();
  }

  private connect(): RtspConnection {
    const { clock, onInterleaved, onLost } = this.options;
    return new RtspConnection({ address: this.address, clock, onInterleaved, onLost });
  }
}
