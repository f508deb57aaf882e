/**
 * `node scripts/packaging/check.ts PATH [PLATFORM ARCH]`: checks what electron-builder made, an unpacked app's folder or a .deb:
 * every native library of the target and of no other, the engine beside the archive, the fuses. Says what is wrong; exit 1 then.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { findWrongFuses } from './fuses.ts';
import { judgeLayout } from './layout.ts';

const [path = '', platform = process.platform, arch = process.arch] = process.argv.slice(2);
const problems = path.endsWith('.deb') ? checkDeb(path) : checkFolder(path);
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? `${path} is complete.` : `${path}: ${problems.length} problems.`);
process.exitCode = problems.length === 0 ? 0 : 1;

function checkFolder(folder: string): string[] {
  const inside = platform === 'darwin' ? join(folder, 'Threshold NVR.app/Contents') : folder;
  const resources = join(inside, platform === 'darwin' ? 'Resources' : 'resources');
  if (!existsSync(resources)) return [`${resources} is missing`];
  const paths = readdirSync(resources, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(resources, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  const wrong = findWrongFuses(readFileSync(fusedProgram(inside)));
  return [
    ...judgeLayout(paths, { platform, arch }),
    ...wrong.map((fuse) => `a fuse is not as it should be: ${fuse}`),
  ];
}

/** The file that holds Electron's code, and with it the fuses. */
function fusedProgram(inside: string): string {
  if (platform === 'darwin')
    return join(inside, 'Frameworks/Electron Framework.framework/Versions/A/Electron Framework');
  return join(inside, platform === 'win32' ? 'Threshold NVR.exe' : 'threshold-nvr');
}

function checkDeb(file: string): string[] {
  const lines = read('dpkg-deb', ['--contents', file]).split('\n').filter(Boolean);
  const files = lines
    .filter((line) => !line.startsWith('d'))
    .map((line) => /\s\.\/(.*?)(?: -> .*)?$/.exec(line)?.[1] ?? '');
  const root = 'opt/Threshold NVR/resources/';
  const resources = files.flatMap((name) => (name.startsWith(root) ? [name.slice(root.length)] : []));
  const found = judgeLayout(resources, { platform: 'linux', arch });
  for (const name of [
    'opt/Threshold NVR/threshold-nvr',
    'opt/Threshold NVR/chrome-sandbox',
    'usr/share/applications/threshold-nvr.desktop',
  ])
    if (!files.includes(name)) found.push(`the package lacks ${name}`);
  if (!files.some((name) => /^usr\/share\/icons\/hicolor\/\d+x\d+\/apps\/threshold-nvr\.png$/.test(name)))
    found.push('the package lacks its icon');
  const fields = { Package: /^threshold-nvr$/, Version: /^\d/, Depends: /libgtk-3-0/ };
  for (const [field, pattern] of Object.entries(fields)) {
    const value = read('dpkg-deb', ['--field', file, field]).trim();
    if (!pattern.test(value)) found.push(`its field ${field} is not right: ${value}`);
  }
  return found;
}

function read(program: string, args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${program} ${args[0]}: ${stderr}`);
  return stdout;
}
