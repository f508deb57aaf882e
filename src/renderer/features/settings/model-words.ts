/** How a model's state and what it runs on are said. Pure. */
import { t } from '@lingui/core/macro';
import type { ModelDetail, ModelsView } from '../../../shared/contract-health.ts';
import { formatNumber } from '../../client/language.ts';
import { formatBytes } from '../../client/time-format.ts';

/** Where a model that is not in use stands: installed or not, or how far its download has come. */
export function stateWords({ installed, problem, download, sourceUrl }: ModelDetail): string {
  if (problem) return t`Cannot be used`;
  if (installed) return t`Installed`;
  if (download && download.problem === null) {
    const received = formatBytes(download.receivedBytes);
    return download.totalBytes ? t`${received} of ${formatBytes(download.totalBytes)}` : received;
  }
  return sourceUrl ? t`Not installed` : t`Not installed: add its file`;
}

/** What the detector runs on and how fast, and why on nothing else. */
export function providerWords({ provider }: ModelsView): string {
  if (!provider) return t`Being tried out.`;
  const used = provider.trials.find(({ name }) => name === provider.name);
  const others = provider.trials
    .filter(({ name, reason }) => name !== provider.name && reason !== null)
    .map(({ name, reason }) => `${name}: ${reason}`);
  const runs = used?.milliseconds
    ? t`Runs on ${provider.name}, ${formatNumber(used.milliseconds, { exactly: 1 })} ms a picture.`
    : t`Runs on ${provider.name}.`;
  return others.length > 0 ? `${runs} ${t`Not used: ${others.join('; ')}.`}` : runs;
}
