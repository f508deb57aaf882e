/** The playhead's day and time with its zone; opens the calendar and takes a typed time. */
import { t } from '@lingui/core/macro';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { formatDay, formatTimeSeconds, formatZone, splitTimeMillis } from '../../client/time-format.ts';
import { useArchive } from './archive-store.ts';
import { JumpPanel } from './JumpPanel.tsx';
import styles from './TransportBar.module.css';
import type { ArchiveCommands } from './use-archive-commands.ts';

export function TimeReadout({ commands }: { commands: ArchiveCommands }) {
  const [open, setOpen] = useState(false);
  const playing = useArchive((state) => state.playing);
  // Rendered once a second while playing, and for every frame while stepping.
  const epochMs = useArchive((state) =>
    state.playing ? Math.floor(state.playheadEpochMs / 1000) * 1000 : Math.round(state.playheadEpochMs),
  );
  const { before, millis, after } = splitTimeMillis(epochMs);
  const time = playing ? formatTimeSeconds(epochMs) : before + millis + after;
  const words = `${formatDay(epochMs)} ${time} ${formatZone(epochMs)}`;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <button type="button" className={styles.readout} aria-label={t`Go to time, now at ${words}`}>
          <span className={styles.day}>{formatDay(epochMs)}</span>
          <time
            dateTime={new Date(epochMs).toISOString()}
            data-testid="playhead-time"
            data-epoch-ms={epochMs}
          >
            {before}
            {!playing && <span className={styles.millis}>{millis}</span>}
            {after}
          </time>
          <span className={styles.zone}>{formatZone(epochMs)}</span>
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          className={styles.popover}
          sideOffset={6}
          collisionPadding={8}
          aria-label={t`Go to time`}
          onCloseAutoFocus={(event) => event.preventDefault()}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            (event.currentTarget as HTMLElement).querySelector('input')?.focus();
          }}
        >
          <JumpPanel
            shownEpochMs={epochMs}
            onJump={(target) => {
              setOpen(false);
              commands.seek(target);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
