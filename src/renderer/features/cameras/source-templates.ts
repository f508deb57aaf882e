/** Stream addresses of the usual makers, so that host, user and password suffice. Paths as the makers document them. */

import { t } from '@lingui/core/macro';
export interface Maker {
  id: string;
  label: string;
  main: string;
  sub: string | null;
  port: number;
  /** What must be set in the camera first. */
  hint?: string;
}

/** `{channel}` is the number of the camera on a recorder or encoder, from 1. */
export const MAKERS: readonly Maker[] = [
  {
    id: 'axis',
    label: t`Axis`,
    main: '/axis-media/media.amp',
    sub: '/axis-media/media.amp?resolution=640x360',
    port: 554,
  },
  { id: 'bosch', label: t`Bosch`, main: '/?inst=1', sub: '/?inst=2', port: 554 },
  {
    id: 'dahua',
    label: t`Dahua, Amcrest, Lorex`,
    main: '/cam/realmonitor?channel={channel}&subtype=0',
    sub: '/cam/realmonitor?channel={channel}&subtype=1',
    port: 554,
  },
  { id: 'foscam', label: t`Foscam`, main: '/videoMain', sub: '/videoSub', port: 554 },
  {
    id: 'hanwha',
    label: t`Hanwha (Wisenet)`,
    main: '/profile2/media.smp',
    sub: '/profile3/media.smp',
    port: 554,
  },
  {
    id: 'hikvision',
    label: t`Hikvision, Annke`,
    main: '/Streaming/Channels/{channel}01',
    sub: '/Streaming/Channels/{channel}02',
    port: 554,
  },
  { id: 'mobotix', label: t`Mobotix`, main: '/mobotix.mjpeg.h264', sub: null, port: 554 },
  {
    id: 'reolink',
    label: t`Reolink`,
    main: '/h264Preview_{channel2}_main',
    sub: '/h264Preview_{channel2}_sub',
    port: 554,
    hint: t`Switch RTSP on in the camera: Settings, Network, Advanced, Port Settings.`,
  },
  {
    id: 'tapo',
    label: t`TP-Link Tapo`,
    main: '/stream1',
    sub: '/stream2',
    port: 554,
    hint: t`Uses the camera account made in the Tapo app, not your TP-Link account.`,
  },
  {
    id: 'unifi',
    label: t`UniFi Protect`,
    main: '/',
    sub: null,
    port: 7447,
    hint: t`Copy the RTSP address from the camera’s settings in Protect and use “Full address” instead.`,
  },
  { id: 'vivotek', label: t`Vivotek`, main: '/live1s1.sdp', sub: '/live1s2.sdp', port: 554 },
  {
    id: 'other',
    label: t`Another maker`,
    main: '/',
    sub: null,
    port: 554,
    hint: t`The path stands in the camera’s manual, often under RTSP.`,
  },
];

export interface SourceParts {
  makerId: string;
  host: string;
  user: string;
  password: string;
  channel: number;
  /** Replaces the maker's path for main when given. */
  path: string;
}

/** Addresses of the main and sub stream, or null while there is no host. */
export function buildSourceUrls(parts: SourceParts): { main: string; sub: string | null } | null {
  const maker = MAKERS.find(({ id }) => id === parts.makerId);
  const host = parts.host
    .trim()
    .replace(/^rtsps?:\/\//i, '')
    .replace(/\/.*$/, '');
  if (!maker || host === '' || /[\s@]/.test(host)) return null;
  const credentials =
    parts.user === '' ? '' : `${encodeURIComponent(parts.user)}:${encodeURIComponent(parts.password)}@`;
  const withPort = /:\d+$/.test(host) ? host : `${host}:${maker.port}`;
  const base = `rtsp://${credentials}${withPort}`;
  const path = parts.path.trim() === '' ? maker.main : `/${parts.path.trim().replace(/^\//, '')}`;
  return {
    main: base + withChannel(path, parts.channel),
    sub: maker.sub === null ? null : base + withChannel(maker.sub, parts.channel),
  };
}

/** Whether the maker's paths name a channel. */
export function usesChannel(makerId: string): boolean {
  return MAKERS.some(({ id, main }) => id === makerId && main.includes('{channel'));
}

/** A name for a camera at that address, to begin with: the host, or the demo's name. */
export function suggestName(url: string, taken: readonly string[]): string {
  const demo = /^demo:(.+)$/i.exec(url);
  const first = demo
    ? t`Demo ${demo[1] ?? ''}`
    : URL.canParse(url)
      ? t`Camera ${new URL(url).hostname || ''}`.trim()
      : t`Camera`;
  const lower = new Set(taken.map((name) => name.toLowerCase()));
  let name = first;
  for (let count = 2; lower.has(name.toLowerCase()); count++) name = `${first} ${count}`;
  return name;
}

function withChannel(path: string, channel: number): string {
  return path.replace('{channel2}', String(channel).padStart(2, '0')).replace('{channel}', String(channel));
}
