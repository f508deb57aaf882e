/** Found devices and what a search says of itself, in words. Pure. */

import { plural, t } from '@lingui/core/macro';
import type { DiscoveryView, FoundDevice, OfferedStream } from '../../../../shared/onboarding.ts';
import { formatList } from '../../../client/language.ts';

/** What to call a device: its own name, else maker and model, else its address. */
export function titleOf({ name, maker, model, host }: FoundDevice): string {
  return name ?? ([maker, model].filter(Boolean).join(' ') || host);
}

/** The quiet line below its name: where it is, and what it is where its name does not say so. */
export function placeOf(device: FoundDevice): string {
  const title = titleOf(device);
  const what = [device.maker, device.model].filter((word) => word && !title.includes(word)).join(' ');
  return [title === device.host ? '' : device.id, what].filter(Boolean).join(', ') || device.id;
}

/** A name for the camera that no other has (without regard to case): what it is called, numbered where needed. */
export function suggestDeviceName(device: FoundDevice, taken: readonly string[]): string {
  const first = titleOf(device) === device.host ? t`Camera ${device.host}` : titleOf(device);
  const lower = new Set(taken.map((name) => name.toLowerCase()));
  let name = first;
  for (let count = 2; lower.has(name.toLowerCase()); count++) name = `${first} ${count}`;
  return name;
}

/** 'Main 1920 × 1080, sub 640 × 360'. */
export function streamsWords({ main, sub }: { main: OfferedStream; sub: OfferedStream | null }): string {
  return sub ? t`Main ${sizeOf(main)}, sub ${sizeOf(sub)}` : t`Main ${sizeOf(main)}, no sub stream`;
}

/** What the search does or found. */
export function searchWords({
  state,
  networks,
  addressesDone,
  addressesTotal,
  devices,
}: DiscoveryView): string {
  const found = plural(devices.length, { one: '# device found', other: '# devices found' });
  if (state === 'running')
    return t`Searching ${formatList(networks) || t`no network`}: ${addressesDone} of ${addressesTotal} addresses, ${found}`;
  if (state === 'none') return '';
  if (networks.length === 0)
    return t`This recorder is in no private network, so there is none to search. Add cameras by their address.`;
  return state === 'cancelled' ? t`Stopped. ${found}.` : t`${found} in ${formatList(networks)}.`;
}

function sizeOf({ width, height }: OfferedStream): string {
  return width !== null && height !== null ? `${width} × ${height}` : t`of unknown size`;
}
