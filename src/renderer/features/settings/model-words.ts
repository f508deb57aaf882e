/** How a model's state and what it runs on are said. Pure. */
import type { ModelDetail, ModelsView } from '../../../shared/contract-health.ts';
import { formatBytes } from '../../client/time-format.ts';

/** Where a model that is not in use stands: installed or not, or how far its download has come. */
export function stateWords({ installed, problem, download, sourceUrl }: ModelDetail): string {
  if (problem) return 'Cannot be used';
  if (installed) return 'Installed';
  if (download && download.problem === null) {
    const received = formatBytes(download.receivedBytes);
    return download.totalBytes ? `${received} of ${formatBytes(download.totalBytes)}` : received;
  }
  return sourceUrl ? 'Not installed' : 'Not installed: add its file';
}

/** What the detector runs on and how fast, and why on nothing else. */
export function providerWords({ provider }: ModelsView): string {
  if (!provider) return 'Being tried out.';
  const used = provider.trials.find(({ name }) => name === provider.name);
  const speed = used?.milliseconds ? `, ${used.milliseconds.toFixed(1)} ms a picture` : '';
  const others = provider.trials
    .filter(({ name, reason }) => name !== provider.name && reason !== null)
    .map(({ name, reason }) => `${name}: ${reason}`);
  const refused = others.length > 0 ? ` Not used: ${others.join('; ')}.` : '';
  return `Runs on ${provider.name}${speed}.${refused}`;
}
