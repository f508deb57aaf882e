/** Removable drives as Linux, macOS and Windows tell of them. */
import { blockDevices } from 'systeminformation';
import { startChild } from '../platform/child.ts';
import type { DriveSystem, SystemDrive } from './drives.ts';

/** A block device as systeminformation gives it; of a partition, `device` is its disk. */
export interface BlockDevice {
  name: string;
  type: string;
  fsType: string;
  mount: string;
  size: number;
  uuid: string;
  label: string;
  removable: boolean;
  protocol: string;
  device?: string;
}

const EJECT_MS = 30_000;

export const driveSystem: DriveSystem = {
  list: async () => planDrives(await blockDevices(), process.platform),
  eject: (drive) => tryCommands(buildEjectCommands(drive, process.platform)),
};

/** Of all block devices those with files that can be taken out. A disk on USB may not call itself removable. Pure. */
export function planDrives(devices: readonly BlockDevice[], platform: NodeJS.Platform): SystemDrive[] {
  const path = (name: string) => (platform === 'win32' || name.startsWith('/') ? name : `/dev/${name}`);
  const onUsb = new Set(
    devices.filter(({ protocol }) => /usb/i.test(protocol)).map(({ name }) => path(name)),
  );
  return devices
    .filter((one) => one.removable || /usb/i.test(one.protocol) || onUsb.has(one.device ?? ''))
    .filter((one) => one.fsType !== '' && one.type !== 'rom')
    .filter(({ mount }) => mount !== '/' && mount !== '[SWAP]' && !/^\/boot(\/|$)/.test(mount))
    .map((one) => ({
      device: path(one.name),
      label: one.label,
      fileSystem: one.fsType,
      mount: platform === 'win32' ? one.mount.replace(/^([a-z]:)$/i, '$1\\') : one.mount,
      uuid: one.uuid,
      sizeBytes: one.size,
    }));
}

/** What lets a drive go, the best first; the first that works is enough. Pure. */
export function buildEjectCommands(
  { device, mount }: Pick<SystemDrive, 'device' | 'mount'>,
  platform: NodeJS.Platform,
): string[][] {
  if (platform === 'darwin') return [['diskutil', 'eject', device]];
  if (platform === 'win32') {
    const letter = /^[a-z]:/i.exec(device)?.[0];
    if (!letter) return [];
    const script = `$ErrorActionPreference='Stop'; (New-Object -ComObject Shell.Application).NameSpace(17).ParseName('${letter}').InvokeVerb('Eject'); Start-Sleep 2; if (Test-Path '${letter}\\') { exit 1 }`;
    return [['powershell', '-NoProfile', '-NonInteractive', '-Command', script]];
  }
  return [
    ['udisksctl', 'unmount', '--no-user-interaction', '-b', device],
    ['umount', '--', mount],
  ];
}

async function tryCommands(commands: readonly string[][]): Promise<void> {
  let words = 'this system has no command for it';
  for (const [file = '', ...args] of commands) {
    const { child, exit } = startChild(file, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr?.on('data', (chunk: Buffer) => {
      words = chunk.toString().slice(-500);
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), EJECT_MS);
    const { code } = await exit;
    clearTimeout(timer);
    if (code === 0) return;
  }
  throw new Error(words);
}
