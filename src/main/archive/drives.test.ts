import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type BlockDevice, buildEjectCommands, planDrives } from './drive-system.ts';
import { Drives, type SystemDrive } from './drives.ts';

const device = (patch: Partial<BlockDevice>): BlockDevice => ({
  ...{ name: 'sdb1', type: 'part', fsType: 'vfat', mount: '/media/stick', size: 16e9, uuid: 'ABCD-1234' },
  ...{ label: 'STICK', removable: true, protocol: '', device: '/dev/sdb' },
  ...patch,
});

test.each([
  ['a stick', [device({})], ['/dev/sdb1']],
  ['one that is not mounted', [device({ mount: '' })], ['/dev/sdb1']],
  [
    'a disk on USB',
    [
      device({
        name: 'sdc',
        type: 'disk',
        fsType: '',
        mount: '',
        protocol: 'usb',
        removable: false,
        device: '/dev/sdc',
      }),
      device({ name: 'sdc1', removable: false, device: '/dev/sdc' }),
    ],
    ['/dev/sdc1'],
  ],
  ['a fixed disk', [device({ removable: false })], []],
  ['the system', [device({ mount: '/' }), device({ mount: '/boot/efi' }), device({ mount: '[SWAP]' })], []],
  ['a disc', [device({ type: 'rom', fsType: 'iso9660' })], []],
  ['without a file system', [device({ fsType: '' })], []],
])('drives: %s', (_, devices, expected) => {
  expect(planDrives(devices, 'linux').map((drive) => drive.device)).toEqual(expected);
});

test('Windows drives are named by their letter', () => {
  const [drive] = planDrives([device({ name: 'E:', mount: 'E:', type: 'removable', device: '' })], 'win32');
  expect(drive).toMatchObject({ device: 'E:', mount: 'E:\\' });
});

test.each([
  ['linux', { device: '/dev/sdb1', mount: '/media/a b' }, ['udisksctl', 'umount']],
  ['darwin', { device: '/dev/disk2s1', mount: '/Volumes/X' }, ['diskutil']],
  ['win32', { device: 'E:', mount: 'E:\\' }, ['powershell']],
  ['win32', { device: "E'; rm", mount: '' }, []],
] as const)('what ejects on %s', (platform, drive, expected) => {
  expect(buildEjectCommands(drive, platform).map(([file]) => file)).toEqual(expected);
});

const folder = mkdtempSync(join(tmpdir(), 'drives-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const stick: SystemDrive = {
  ...{ device: '/dev/sdz1', label: 'STICK', fileSystem: 'vfat', mount: folder, uuid: 'x', sizeBytes: 1 },
};
const open = (drives: SystemDrive[], options: { own?: string[]; busy?: boolean } = {}) =>
  new Drives({
    system: { list: async () => drives, eject: async () => {} },
    ownFolders: () => options.own ?? [],
    isBusy: () => options.busy ?? false,
  });

test('a drive with recordings on it is not offered', async () => {
  expect(await open([stick], { own: [join(folder, 'recordings')] }).list()).toEqual([]);
  expect(await open([stick], { own: [folder] }).list()).toEqual([]);
  expect(await open([stick], { own: [`${folder}-other`] }).list()).toHaveLength(1);
});

test.skipIf(process.platform === 'win32')(
  'a folder that is left of a drive is written to by nobody',
  async () => {
    const drives = open([stick]);
    const [drive] = await drives.list();
    expect(drive?.problem).toBe('It is not mounted any more.');
    await expect(drives.target(drive?.id ?? '')).rejects.toThrow('“STICK”: It is not mounted any more.');
    expect(await drives.isThere(drive?.id ?? '')).toBe(false);
  },
);

test('only what is plugged in can be named or ejected, and not while it is written to', async () => {
  await expect(open([stick]).nameOf('/etc')).rejects.toThrow('not plugged in');
  await expect(open([]).eject('x')).rejects.toThrow('not plugged in');
  const busy = open([stick], { busy: true });
  const [drive] = await busy.list();
  await expect(busy.eject(drive?.id ?? '')).rejects.toThrow('is not finished');
});
