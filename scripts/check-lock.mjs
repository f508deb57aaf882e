/** Checks the lock files of the app and of its packaging: each names no host, pins every platform's packages, and fits its package.json. Exit 1 otherwise. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const problems = [];
for (const folder of ['.', 'packaging']) check(folder);

function check(folder) {
  const lock = JSON.parse(readFileSync(resolve(ROOT, folder, 'package-lock.json'), 'utf8'));
  const manifest = JSON.parse(readFileSync(resolve(ROOT, folder, 'package.json'), 'utf8'));
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (entry.resolved)
      problems.push(`${path} names where it was downloaded from: ${new URL(entry.resolved).pathname}`);
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (!findInstalled(lock, path, name))
        problems.push(`${path || 'the project'}: its optional package ${name} is not locked`);
    }
  }
  for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    for (const [name, version] of Object.entries(manifest[kind] ?? {})) {
      if (!/^\d/.test(version))
        problems.push(`package.json: ${name} is not pinned to an exact version (${version})`);
      if (lock.packages[''][kind]?.[name] !== version)
        problems.push(`package-lock.json does not fit package.json at ${name}`);
    }
  }
}

function findInstalled(lock, from, name) {
  for (let base = from; ; base = base.slice(0, base.lastIndexOf('node_modules/')).replace(/\/$/, '')) {
    if (lock.packages[`${base ? `${base}/` : ''}node_modules/${name}`]) return true;
    if (!base) return false;
  }
}

for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0 ? 'The lock files are sound.' : `${problems.length} problems in the lock files.`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
