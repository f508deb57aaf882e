/** How the machine bears the work, and what it works with. */
import type { HealthView } from '../../../shared/contract-health.ts';
import { formatBytes } from '../../client/time-format.ts';
import { Facts } from '../../ui/Facts.tsx';

export function MachineFacts({ health }: { health: HealthView }) {
  const active = health.models.find((model) => model.active);
  const broken = health.models.filter((model) => model.problem !== null);
  return (
    <Facts
      rows={[
        ['Processor', `${Math.round(health.cpuPercent)} %`],
        ['Memory', formatBytes(health.memoryBytes)],
        [
          'Delay of the event loop',
          `${health.eventLoopDelayP99Ms.toFixed(0)} ms${health.eventLoopDelayP99Ms > 200 ? ', too much: fewer cameras or fewer analysed pictures help' : ''}`,
        ],
        [
          'ffmpeg',
          health.ffmpegVersion ?? 'Not found. Install ffmpeg 5.1 or newer, or name it in FFMPEG_BIN',
        ],
        ['Detector', active ? active.title : 'None installed'],
        ...broken.map((model) => [model.title, model.problem] as const),
      ]}
    />
  );
}
