/** One camera as large as can be, with its main stream and its lines. */
import { type CSSProperties, useRef } from 'react';
import type { CameraView } from '../../../shared/contract-cameras.ts';
import { aspectOf, isLive, wordsOfState } from '../../client/camera-words.ts';
import { LivePicture } from '../../client/live/LivePicture.tsx';
import type { LivePlayer, LiveState } from '../../client/live/live-player.ts';
import styles from './FocusView.module.css';
import { Trouble } from './LiveTile.tsx';
import { useLive } from './live-store.ts';
import { PictureOverlay } from './PictureOverlay.tsx';

export interface FocusViewProps {
  camera: CameraView;
  muted: boolean;
  onState: (state: LiveState) => void;
  onBack: () => void;
}

export function FocusView({ camera, muted, onState, onBack }: FocusViewProps) {
  const overlay = useLive((state) => state.overlay);
  const player = useRef<LivePlayer | null>(null);
  const words = wordsOfState(camera);
  const live = isLive(camera.status);
  return (
    <div className={styles.stage}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Escape and the button 'All cameras' do the same */}
      <div
        className={styles.contain}
        data-away={!live || undefined}
        style={{ '--aspect': aspectOf(camera.status) } as CSSProperties}
        onDoubleClick={onBack}
      >
        <div className={styles.picture}>
          <LivePicture
            cameraId={camera.id}
            name={camera.name}
            stream="main"
            muted={muted}
            live={live}
            still={camera.status.lastFrameEpochMs !== null}
            player={player}
            onState={onState}
          />
        </div>
        {overlay && live && <PictureOverlay camera={camera} player={player} />}
        {words.wrong && <Trouble words={words} cameraId={camera.id} />}
      </div>
    </div>
  );
}
