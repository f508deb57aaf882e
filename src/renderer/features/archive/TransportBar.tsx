/** The buttons below the picture, and the time of the playhead. */
import { t } from '@lingui/core/macro';
import {
  ChevronFirst,
  ChevronLast,
  ImageDown,
  Maximize,
  Pause,
  Play,
  ScanSearch,
  SkipBack,
  SkipForward,
  StepBack,
  StepForward,
  Volume2,
  VolumeX,
} from 'lucide-react';
import { IconButton } from '../../ui/Button.tsx';
import { useMotionSearch } from '../motion-search/motion-search-store.ts';
import { useArchive } from './archive-store.ts';
import { SpeedMenu } from './SpeedMenu.tsx';
import { TimeReadout } from './TimeReadout.tsx';
import styles from './TransportBar.module.css';
import type { ArchiveCommands } from './use-archive-commands.ts';

export function TransportBar({ commands }: { commands: ArchiveCommands }) {
  const playing = useArchive((state) => state.playing);
  const sound = useArchive((state) => state.sound);
  const drawing = useMotionSearch((state) => state.drawing);
  return (
    <div
      className={styles.bar}
      role="toolbar"
      aria-label={t`Playback`}
      onMouseDown={(event) => {
        // A click leaves the focus where it is, so that the space bar stays play and pause. Popovers bubble here too.
        if (event.currentTarget.contains(event.target as Node)) event.preventDefault();
      }}
    >
      <div className={styles.group}>
        <SpeedMenu commands={commands} />
        <IconButton
          icon={sound ? Volume2 : VolumeX}
          label={sound ? t`Sound off` : t`Sound on`}
          keys="M"
          pressed={sound}
          onClick={commands.toggleSound}
        />
      </div>
      <div className={`${styles.group} ${styles.middle}`}>
        <IconButton
          icon={SkipBack}
          label={t`Previous event`}
          keys="P"
          onClick={() => commands.neighbourEvent(-1)}
        />
        <IconButton icon={StepBack} label={t`Previous frame`} keys="," onClick={() => commands.step(-1)} />
        <IconButton
          icon={playing ? Pause : Play}
          label={playing ? t`Pause` : t`Play`}
          keys="Space"
          className={styles.play}
          onClick={commands.togglePlaying}
        />
        <IconButton icon={StepForward} label={t`Next frame`} keys="." onClick={() => commands.step(1)} />
        <IconButton
          icon={SkipForward}
          label={t`Next event`}
          keys="N"
          onClick={() => commands.neighbourEvent(1)}
        />
      </div>
      <div className={`${styles.group} ${styles.time}`}>
        <IconButton
          icon={ChevronFirst}
          label={t`Oldest footage`}
          keys="Home"
          onClick={() => commands.goToEnd('oldest')}
          className={styles.wide}
        />
        <TimeReadout commands={commands} />
        <IconButton
          icon={ChevronLast}
          label={t`Newest footage`}
          keys="End"
          onClick={() => commands.goToEnd('newest')}
        />
      </div>
      <div className={`${styles.group} ${styles.end}`}>
        <IconButton
          icon={ScanSearch}
          label={t`Search for motion in a part of the picture`}
          keys="R"
          pressed={drawing}
          onClick={commands.drawRegion}
        />
        <IconButton icon={ImageDown} label={t`Save picture`} keys="S" onClick={commands.savePicture} />
        <IconButton icon={Maximize} label={t`Full screen`} keys="F" onClick={commands.toggleFullScreen} />
      </div>
    </div>
  );
}
