/** How the machine bears the work, and what it works with. */
import { t } from '@lingui/core/macro';
import type { HealthView } from '../../../shared/contract-health.ts';
import { formatBytes } from '../../client/time-format.ts';
import { Facts } from '../../ui/Facts.tsx';

export function MachineFacts({ health }: { health: HealthView }) {
  const delayMs = health.eventLoopDelayP99Ms.toFixed(0);
  const active = health.models.find((model) => model.active);
  const broken = health.models.filter((model) => model.problem !== null);
  return (
    <Facts
      rows={[
        [t`Processor`, `${Math.round(health.cpuPercent)} %`],
        [t`Memory`, formatBytes(health.memoryBytes)],
        [
          t`Delay of the event loop`,
          health.eventLoopDelayP99Ms > 200
            ? t`${delayMs} ms, too much: fewer cameras or fewer analysed pictures help`
            : `${delayMs} ms`,
        ],
        [
          'ffmpeg',
          health.ffmpegVersion ?? t`Not found. Install ffmpeg 5.1 or newer, or name it in FFMPEG_BIN`,
        ],
        [t`Detector`, active ? active.title : t`None installed`],
        ...broken.map((model) => [model.title, model.problem] as const),
      ]}
    />
  );
}
