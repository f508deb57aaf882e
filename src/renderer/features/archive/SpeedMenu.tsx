/** How fast it plays, from an eighth to sixteen times. */
import { t } from '@lingui/core/macro';
import { Button } from '../../ui/Button.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { SPEEDS, useArchive } from './archive-store.ts';
import styles from './TransportBar.module.css';
import type { ArchiveCommands } from './use-archive-commands.ts';

const FRACTIONS: Record<number, string> = { 0.125: '1/8', 0.25: '1/4', 0.5: '1/2' };

export function speedWords(rate: number): string {
  return `${rate < 0 ? '−' : ''}${FRACTIONS[Math.abs(rate)] ?? Math.abs(rate)}×`;
}

export function SpeedMenu({ commands }: { commands: ArchiveCommands }) {
  const rate = useArchive((state) => state.rate);
  return (
    <Menu
      align="start"
      trigger={
        <Button tone="quiet" className={styles.speed} aria-label={t`Speed, ${speedWords(rate)}`}>
          {speedWords(rate)}
        </Button>
      }
      groups={[
        [...SPEEDS].reverse().map((speed) => ({
          label: speedWords(speed),
          checked: speed === rate,
          onSelect: () => commands.setRate(speed),
        })),
      ]}
    />
  );
}
