/** Gets what the program needs onto this machine, and says in one line what it cannot get and the command that does. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const CACHE = join(ROOT, '.cache');
const MINIMUM_NODE = [22, 19];
const NODE_MAJOR = 24;
const TEST_PACKAGES = [
  'chromium',
  'gir1.2-gst-rtsp-server-1.0',
  'gir1.2-gst-plugins-base-1.0',
  'python3-gi',
  'gstreamer1.0-plugins-base',
  'gstreamer1.0-plugins-good',
  'gstreamer1.0-plugins-bad',
  'gstreamer1.0-plugins-ugly',
  'gstreamer1.0-libav',
  'gstreamer1.0-rtsp',
];

/** Path of a Node that is new enough: this one, or one from the npm package of Node's own binaries. */
export async function ensureNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1]))
    return process.execPath;
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${system}-${process.arch}`;
  const folder = join(CACHE, 'node');
  const binary = join(
    folder,
    'node_modules',
    name,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (!existsSync(binary)) {
    say(
      `Node ${process.versions.node} is too old (${MINIMUM_NODE.join('.')} or later is needed): fetching Node ${NODE_MAJOR} for this folder.`,
    );
    mkdirSync(folder, { recursive: true });
    const code = await npm(['install', '--no-save', '--prefix', folder, `${name}@${NODE_MAJOR}`], folder);
    if (code !== 0 || !existsSync(binary))
      fail(`Node ${MINIMUM_NODE.join('.')} or later is needed: install it from nodejs.org.`);
  }
  return binary;
}

/** `npm ci`, unless the installed packages are those of the lock file. */
export async function ensurePackages() {
  if (packagesFit()) return;
  say('Installing packages (npm ci).');
  if ((await npm(['ci', '--loglevel', 'error'], ROOT)) !== 0)
    fail('The packages could not be installed: run `npm ci` and see what it says.');
}

/** Whether what npm says it has installed (its hidden lock file) is what the lock file wants; other platforms' packages may be absent. */
function packagesFit() {
  const installedFile = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' || (installed[path] ? installed[path].version === entry.version : entry.optional === true),
  );
}

/** Builds `out/` when a source is not the one that it was built from. */
export async function buildIfStale() {
  const mark = join(ROOT, 'out', '.sources');
  const wanted = sourceHash();
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return;
  say('Building.');
  rmSync(join(ROOT, 'out'), { recursive: true, force: true });
  const builder = join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js');
  if ((await run(process.execPath, [builder, 'build', '--logLevel', 'warn'])) !== 0)
    fail('The build failed: see above.');
  writeFileSync(mark, wanted);
}

/** Makes sure that there is an ffmpeg: an existing one, ffmpeg-static's, or Debian's. Goes on without one, with a word. */
export async function ensureFfmpeg() {
  if (process.env.FFMPEG_BIN || existsSync(staticFfmpeg()) || works('ffmpeg', ['-version'])) return;
  if (await aptInstall(['ffmpeg'])) return;
  const installer = join(ROOT, 'node_modules/ffmpeg-static/install.js');
  if (existsSync(installer)) await run(process.execPath, [installer], { quiet: true });
  if (existsSync(staticFfmpeg())) return;
  const command =
    { darwin: 'brew install ffmpeg', win32: 'winget install Gyan.FFmpeg' }[process.platform] ??
    'sudo apt-get install -y ffmpeg';
  say(`ffmpeg is missing and could not be installed: ${command}`);
}

/** Chromium and the GStreamer RTSP server, for the tests. What is missing makes its tests say that they were skipped. */
export async function ensureTestTools() {
  if (process.platform !== 'linux') return;
  const gstreamer = works('/usr/bin/python3', [
    '-c',
    "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import Gst, GstRtspServer; Gst.init(None); assert Gst.ElementFactory.find('rtph264pay') and Gst.ElementFactory.find('h264parse') and Gst.ElementFactory.find('x264enc')",
  ]);
  const browser = existsSync('/usr/bin/chromium');
  if (gstreamer && browser) return;
  if (await aptInstall(TEST_PACKAGES)) return;
  say(
    `Some tests will be skipped until their tools are there: sudo apt-get install -y ${TEST_PACKAGES.join(' ')}`,
  );
}

/** Path of the Electron binary, downloaded where the network allows; null where it cannot be had. */
export async function ensureElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const folder = join(ROOT, 'node_modules/electron');
  const name =
    { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform] ?? 'electron';
  const binary = join(override || join(folder, 'dist'), name);
  if (existsSync(binary)) return binary;
  const installer = join(folder, 'install.js');
  if (!override && existsSync(installer) && !existsSync(join(CACHE, 'no-electron')))
    await run(process.execPath, [installer], { quiet: true, limitMs: 180_000 });
  if (existsSync(binary)) return binary;
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(
    join(CACHE, 'no-electron'),
    'The download was tried and failed; delete this file to try again.\n',
  );
  return null;
}

function staticFfmpeg() {
  return join(ROOT, 'node_modules/ffmpeg-static', process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg');
}

function sourceHash() {
  const hash = createHash('sha256');
  const visit = (path) => {
    const stat = statSync(path);
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
    else if (!/\.test\.tsx?$/.test(path)) hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
  };
  const page = 'scripts/build-evidence-page.ts';
  for (const name of [
    'src',
    'resources',
    page,
    'electron.vite.config.ts',
    'lingui.config.ts',
    'package-lock.json',
  ])
    visit(join(ROOT, name));
  return hash.digest('hex');
}

async function aptInstall(packages) {
  if (process.platform !== 'linux' || !works('apt-get', ['--version'])) return false;
  const prefix = process.getuid?.() === 0 ? [] : works('sudo', ['-n', 'true']) ? ['sudo', '-n'] : null;
  if (!prefix) return false;
  say(`Installing ${packages.join(', ')} (apt-get).`);
  const apt = async (args) => {
    const [file, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', ...args];
    return run(file, rest, { quiet: true });
  };
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  if ((await apt(install)) === 0) return true;
  await apt(['update']);
  return (await apt(install)) === 0;
}

function npm(args, cwd) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) return run(process.execPath, [cli, ...args], { cwd });
  // npm begins with the first `node` of the path, and leaves out optional packages that its Node is too old for.
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}` };
  return run('npm', args, { cwd, env, shell: process.platform === 'win32' });
}

/** Runs a program with its output on stderr; resolves with its exit code, 1 when it cannot be started. */
function run(file, args, { quiet = false, limitMs = 0, ...options } = {}) {
  return new Promise((done) => {
    const child = spawn(file, args, {
      cwd: ROOT,
      stdio: ['ignore', quiet ? 'ignore' : 2, quiet ? 'ignore' : 2],
      ...options,
    });
    const timer = limitMs ? setTimeout(() => child.kill('SIGKILL'), limitMs) : null;
    child.once('error', () => done(1));
    child.once('exit', (code) => {
      if (timer) clearTimeout(timer);
      done(code ?? 1);
    });
  });
}

function works(file, args) {
  return spawnSync(file, args, { stdio: 'ignore' }).status === 0;
}

function fail(line) {
  say(line);
  process.exit(1);
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
