/** One camera as large as can be, with its main stream, sound and lines. */
import { ArrowLeft, History, SlidersHorizontal, Volume2, VolumeX } from 'lucide-react';
import { type CSSProperties, useRef, useState } from 'react';
import type { CameraView } from '../../../shared/contract.ts';
import { aspectOf, isLive, wordsOfState } from '../../client/camera-words.ts';
import { LivePicture } from '../../client/live/LivePicture.tsx';
import type { LivePlayer, LiveState } from '../../client/live/live-player.ts';
import { navigate } from '../../client/router.tsx';
import { formatBitRate } from '../../client/time-format.ts';
import { Dot } from '../../ui/Badge.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import styles from './FocusView.module.css';
import { Trouble } from './LiveTile.tsx';
import { useLive } from './live-store.ts';
import { PictureOverlay } from './PictureOverlay.tsx';

export function FocusView({ camera, onBack }: { camera: CameraView; onBack: () => void }) {
  const overlay = useLive((state) => state.overlay);
  const [muted, setMuted] = useState(true);
  const [state, setState] = useState<LiveState | null>(null);
  const player = useRef<LivePlayer | null>(null);
  const words = wordsOfState(camera);
  const live = isLive(camera.status);
  const facts = camera.status.streams.find(({ stream }) => stream === 'main');
  return (
    <div className={styles.focus}>
      <div className={styles.head}>
        <Button tone="quiet" icon={ArrowLeft} onClick={onBack}>
          All cameras
        </Button>
        <h2 className={styles.name}>{camera.name}</h2>
        <span className={styles.state}>
          <Dot hue={words.hue} />
          {words.title}
        </span>
        {facts && (
          <span className={styles.facts}>
            {facts.width} × {facts.height}, {Math.round(facts.framesPerSecond)} fps,{' '}
            {formatBitRate(facts.bitsPerSecond)}
            {state?.format === 'mpeg1' ? ', converted for this browser' : ''}
          </span>
        )}
        <span className={styles.end}>
          {facts?.audioCodec && (
            <IconButton
              icon={muted ? VolumeX : Volume2}
              label={muted ? 'Turn sound on' : 'Turn sound off'}
              pressed={!muted}
              onClick={() => setMuted(!muted)}
            />
          )}
          <IconButton
            icon={History}
            label="Open in archive"
            keys="R"
            onClick={() => navigate(`/archive?camera=${camera.id}`)}
          />
          <IconButton
            icon={SlidersHorizontal}
            label="Camera settings"
            onClick={() => navigate(`/cameras/${camera.id}`)}
          />
        </span>
      </div>
      <div className={styles.stage}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: Escape and the button 'All cameras' do the same */}
        <div
          className={styles.contain}
          data-away={!live || undefined}
          style={{ '--aspect': aspectOf(camera.status) } as CSSProperties}
          onDoubleClick={onBack}
        >
          <LivePicture
            cameraId={camera.id}
            name={camera.name}
            stream="main"
            muted={muted}
            live={live}
            player={player}
            onState={setState}
          />
          {overlay && live && <PictureOverlay camera={camera} player={player} />}
        </div>
        {words.wrong && <Trouble words={words} cameraId={camera.id} />}
      </div>
    </div>
  );
}
