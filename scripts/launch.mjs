/**
 * The one way in: `node scripts/launch.mjs COMMAND [arguments]`, as package.json's scripts call it.
 * From a fresh clone it sets up what the command needs (right Node, packages, build, ffmpeg; for tests a browser and an RTSP
 * server too), then runs it. Works on Node 18 and later, because it is what gets the right Node. Set-up talks on stderr only.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  buildIfStale,
  ensureElectron,
  ensureFfmpeg,
  ensureNode,
  ensurePackages,
  ensureTestTools,
  ROOT,
} from './setup.mjs';

const ENTRIES = {
  serve: 'serve',
  demo: 'serve',
  analyze: 'analyze',
  reindex: 'reindex',
  models: 'models',
  verify: 'verify',
};
const [command = '', ...args] = process.argv.slice(2);

const node = await ensureNode();
if (node !== process.execPath) {
  process.exitCode = await runChild(node, [join(ROOT, 'scripts/launch.mjs'), command, ...args]);
} else {
  endsWithNpm();
  await ensurePackages();
  await main();
}

async function main() {
  if (command === 'setup') {
    await ensureFfmpeg();
    await ensureElectron();
  } else if (command in ENTRIES) {
    await ensureFfmpeg();
    await buildIfStale();
    const extra = command === 'demo' ? ['--demo'] : [];
    await become(join(ROOT, `out/main/${ENTRIES[command]}.js`), [...extra, ...args]);
  } else if (command === 'start') {
    await ensureFfmpeg();
    await buildIfStale();
    const electron = await ensureElectron();
    if (electron) process.exitCode = await runChild(electron, [ROOT, ...args]);
    else {
      say(
        'No Electron binary can be had here, so the engine runs without a window; open the address below in a browser.',
      );
      await become(join(ROOT, 'out/main/serve.js'), ['--data', join(ROOT, 'data'), ...args]);
    }
  } else if (command === 'test') {
    await ensureFfmpeg();
    await ensureTestTools();
    await buildIfStale();
    await become(join(ROOT, 'scripts/test.mjs'), args);
  } else if (command === 'faults') {
    await ensureFfmpeg();
    await ensureTestTools();
    await buildIfStale();
    await become(join(ROOT, 'tests/faults/run.ts'), args);
  } else if (command === 'run') {
    // A TypeScript file of the repository: evaluations and benchmarks.
    await ensureFfmpeg();
    await buildIfStale();
    const [file = '', ...rest] = args;
    await become(join(ROOT, file), rest);
  } else {
    say(
      `Unknown command '${command}'. Known: start, serve, demo, analyze, reindex, models, verify, test, faults, run, setup.`,
    );
    process.exitCode = 2;
  }
}

/** Goes on as another script in this very process, so that signals and exit codes need no forwarding. */
async function become(file, rest) {
  if (!existsSync(file)) {
    say(`${file} is missing.`);
    process.exitCode = 1;
    return;
  }
  process.argv = [process.execPath, file, ...rest];
  await import(pathToFileURL(file).href);
}

/** Runs a program in our place: passes signals on, and takes it along when this process is killed. */
function runChild(file, childArgs) {
  const child = spawn(file, childArgs, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, THRESHOLD_LAUNCHER: '1' },
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  endsWithNpm(() => child.kill('SIGKILL'));
  return new Promise((resolve) => {
    child.once('error', (error) => {
      say(`Cannot start ${file}: ${error.message}`);
      resolve(1);
    });
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGKILL' ? 137 : 143)));
  });
}

/**
 * Under `npm run`, npm's end must not leave the program behind; below a launcher, the launcher's. It is asked to end, as by a
 * signal, and has the time that the contract gives it; what cannot be asked is killed.
 */
function endsWithNpm(before = () => {}) {
  const end = () => {
    const asked = process.listenerCount('SIGTERM') > 0 && process.emit('SIGTERM', 'SIGTERM');
    setTimeout(
      () => {
        before();
        process.kill(process.pid, 'SIGKILL');
      },
      asked ? 10_000 : 0,
    ).unref();
  };
  if (process.env.THRESHOLD_LAUNCHER && process.channel) {
    process.on('disconnect', end);
    process.channel.unref();
  } else if (process.env.npm_lifecycle_event) {
    const ancestors = npmAbove();
    const timer = setInterval(() => {
      if (ancestors === npmAbove()) return;
      clearInterval(timer);
      end();
    }, 250);
    timer.unref();
  }
}

/** Who started us, as a text that changes when one of them dies: between npm and us there is a shell, which outlives a killed npm. */
function npmAbove() {
  if (process.platform !== 'linux') return String(process.ppid);
  try {
    // pid (name) state parent …; the name may hold anything.
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'latin1');
    return `${process.ppid} ${stat.slice(stat.lastIndexOf(')')).split(' ')[2]}`;
  } catch {
    return String(process.ppid);
  }
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
