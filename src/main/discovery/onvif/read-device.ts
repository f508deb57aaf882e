/**
 * What an ONVIF device is and which streams it has: GetSystemDateAndTime, GetDeviceInformation, GetCapabilities, GetProfiles, GetStreamUri
 * and GetNetworkInterfaces (ONVIF Core and Media, ver10). Every address that it names is taken for its path and port only: the host stays
 * the one that was asked.
 */
import { randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { messageOf } from '../../../shared/errors.ts';
import type { Credentials } from '../../media/rtsp/auth.ts';
import type { Clock } from '../../platform/clock.ts';
import { escapeXml, findAll, findFirst, numberOf, textOf, type XmlNode } from '../xml.ts';
import { buildEnvelope, readEnvelope } from './envelope.ts';
import { postSoap } from './post-soap.ts';
import { chooseProfiles, type MediaProfile, readProfiles } from './profiles.ts';

export interface OnvifStream {
  /** With the credentials in it. */
  url: string;
  profile: MediaProfile;
}

export interface OnvifDevice {
  maker: string | null;
  model: string | null;
  serialNumber: string | null;
  /** As the device writes it; null where it tells none. */
  macAddress: string | null;
  /** By which its clock is ahead of ours; null where it does not tell the time. */
  clockAheadMs: number | null;
  main: OnvifStream;
  sub: OnvifStream | null;
}

export type OnvifResult =
  | { state: 'ready'; device: OnvifDevice }
  | { state: 'refused' | 'failed'; problem: string };

/** Ends reading a device; expected. */
class DeviceFailure extends Error {
  readonly refused: boolean;

  constructor(refused: boolean, words: string) {
    super(words);
    this.refused = refused;
  }
}

/** Signs in once and reads the device. Never throws; a wrong password is tried no second time. */
export async function readDevice(
  serviceUrl: string,
  credentials: Credentials,
  clock: Clock,
): Promise<OnvifResult> {
  try {
    return { state: 'ready', device: await new Reader(serviceUrl, credentials, clock).read() };
  } catch (error) {
    if (error instanceof DeviceFailure && error.refused)
      return {
        state: 'refused',
        problem: 'Wrong user name or password, or this account may not see the streams',
      };
    return { state: 'failed', problem: `ONVIF did not answer as it should: ${messageOf(error)}` };
  }
}

class Reader {
  private readonly serviceUrl: string;
  private readonly credentials: Credentials;
  private readonly clock: Clock;
  private clockAheadMs: number | null = null;

  constructor(serviceUrl: string, credentials: Credentials, clock: Clock) {
    this.serviceUrl = serviceUrl;
    this.credentials = credentials;
    this.clock = clock;
  }

  async read(): Promise<OnvifDevice> {
    await this.readClock();
    const facts = await this.ask(this.serviceUrl, '<tds:GetDeviceInformation/>');
    const capabilities = await this.ask(
      this.serviceUrl,
      '<tds:GetCapabilities><tds:Category>All</tds:Category></tds:GetCapabilities>',
    );
    const mediaUrl = this.onHost(textOf(findFirst(capabilities, 'Media').XAddr)) ?? this.serviceUrl;
    const chosen = chooseProfiles(readProfiles(await this.ask(mediaUrl, '<trt:GetProfiles/>')));
    if (!chosen) throw new DeviceFailure(false, 'it has no stream with video');
    return {
      maker: nameOf(findFirst(facts, 'Manufacturer')),
      model: nameOf(findFirst(facts, 'Model')),
      serialNumber: nameOf(findFirst(facts, 'SerialNumber')),
      macAddress: await this.readMac(),
      clockAheadMs: this.clockAheadMs,
      main: await this.streamOf(mediaUrl, chosen.main),
      sub: chosen.sub && (await this.streamOf(mediaUrl, chosen.sub)),
    };
  }

  /** Needs no account; a device that does not tell it is believed to be right. */
  private async readClock(): Promise<void> {
    const askedMs = this.clock.epochMs();
    const { status, body } = await postSoap(
      this.serviceUrl,
      buildEnvelope('<tds:GetSystemDateAndTime/>', null),
      null,
    );
    const result = readEnvelope(status, body);
    const utc = result.ok ? parseUtc(findFirst(result.body, 'UTCDateTime')) : null;
    if (utc !== null) this.clockAheadMs = utc - (askedMs + this.clock.epochMs()) / 2;
  }

  private async ask(url: string, body: string): Promise<XmlNode> {
    const token = {
      ...this.credentials,
      nonce: randomBytes(16),
      createdEpochMs: Math.round(this.clock.epochMs() + (this.clockAheadMs ?? 0)),
    };
    const answer = await postSoap(url, buildEnvelope(body, token), this.credentials);
    const result = readEnvelope(answer.status, answer.body);
    if (!result.ok) throw new DeviceFailure(result.refused, result.words);
    return result.body;
  }

  private async streamOf(mediaUrl: string, profile: MediaProfile): Promise<OnvifStream> {
    const setup =
      '<trt:StreamSetup><tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>RTSP</tt:Protocol></tt:Transport></trt:StreamSetup>';
    const body = `<trt:GetStreamUri>${setup}<trt:ProfileToken>${escapeXml(profile.token)}</trt:ProfileToken></trt:GetStreamUri>`;
    const uri = textOf(findFirst(await this.ask(mediaUrl, body), 'MediaUri').Uri);
    const url = streamUrl(uri, new URL(this.serviceUrl).hostname, this.credentials);
    if (url === null) throw new DeviceFailure(false, 'it names no RTSP address for its stream');
    return { url, profile };
  }

  /** Of its first interface; a device that keeps it to itself has none. */
  private async readMac(): Promise<string | null> {
    const body = await this.ask(this.serviceUrl, '<tds:GetNetworkInterfaces/>').catch((error: unknown) => {
      if (error instanceof DeviceFailure) return {};
      throw error;
    });
    const texts = findAll(body, 'HwAddress').map(textOf);
    return texts.find((text) => /^[0-9a-f]{2}([:-]?)(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}$/i.test(text)) ?? null;
  }

  /** A service address of the device with the host that was asked; null where it is none. */
  private onHost(address: string): string | null {
    if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return null;
    const url = new URL(address);
    url.hostname = new URL(this.serviceUrl).hostname;
    url.username = '';
    url.password = '';
    return url.href;
  }
}

/** The RTSP address with another host and with credentials; null where it is none. `host` as URLs write it. */
export function streamUrl(uri: string, host: string, { user, password }: Credentials): string | null {
  const match = /^(rtsps?):\/\/(?:[^@/]*@)?(?:\[[^\]]*\]|[^:/?#]*)(:\d+)?([/?].*)?$/i.exec(uri);
  if (!match) return null;
  const shown = isIPv6(host) ? `[${host}]` : host;
  const url = `${match[1]!.toLowerCase()}://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${shown}${match[2] ?? ''}${match[3] ?? '/'}`;
  return URL.canParse(url) ? url : null;
}

/** Of a UTCDateTime; null where something is missing. */
export function parseUtc(node: XmlNode): number | null {
  const [date, time] = [findFirst(node, 'Date'), findFirst(node, 'Time')];
  const parts = [date.Year, date.Month, date.Day, time.Hour, time.Minute, time.Second].map(numberOf);
  const [year, month, day, hour, minute, second] = parts as number[];
  if (parts.some((part) => part === null)) return null;
  return Date.UTC(year!, month! - 1, day, hour, minute, second);
}

const LONGEST_NAME = 100;

function nameOf(node: XmlNode): string | null {
  return textOf(node).slice(0, LONGEST_NAME) || null;
}
