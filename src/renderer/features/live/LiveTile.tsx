/** One camera in the grid: its picture; name and state appear on hover, on focus, and when something is wrong. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { History, Maximize2, SlidersHorizontal } from 'lucide-react';
import { type CSSProperties, type DragEvent, type KeyboardEvent, useRef } from 'react';
import type { CameraView } from '../../../shared/contract-cameras.ts';
import { aspectOf, isLive, phraseOfState, wordsOfState } from '../../client/camera-words.ts';
import { LivePicture } from '../../client/live/LivePicture.tsx';
import type { LivePlayer } from '../../client/live/live-player.ts';
import { navigate } from '../../client/router.tsx';
import { Dot } from '../../ui/Badge.tsx';
import { IconButton } from '../../ui/Button.tsx';
import { useMay } from '../session/session-store.ts';
import type { GridRect } from './fit-grid.ts';
import styles from './LiveTile.module.css';
import { useLive } from './live-store.ts';
import { PictureOverlay } from './PictureOverlay.tsx';

export interface LiveTileProps {
  camera: CameraView;
  rect: GridRect;
  onFocusCamera: () => void;
  onMoved: (draggedId: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

export function LiveTile({ camera, rect, onFocusCamera, onMoved, onKeyDown }: LiveTileProps) {
  const isOperator = useMay('operator');
  const isAdministrator = useMay('administrator');
  const lit = useLive((state) => state.lit[camera.id]);
  const overlay = useLive((state) => state.overlay);
  const player = useRef<LivePlayer | null>(null);
  const words = wordsOfState(camera);
  const live = isLive(camera.status);
  const hasSub = camera.status.streams.some(({ stream }) => stream === 'sub');

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is a group of form controls
    <div
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys go from tile to tile, Enter focuses
      tabIndex={0}
      data-camera={camera.id}
      aria-label={`${camera.name}, ${words.title}`}
      className={styles.tile}
      data-wrong={words.wrong || undefined}
      data-away={!live || undefined}
      data-lit={lit?.hue}
      style={{ left: rect.x, top: rect.y, width: rect.width, height: rect.height }}
      onDoubleClick={onFocusCamera}
      onKeyDown={onKeyDown}
      draggable
      onDragStart={(event) => event.dataTransfer.setData('text/x-camera', camera.id)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event: DragEvent) => {
        event.preventDefault();
        onMoved(event.dataTransfer.getData('text/x-camera'));
      }}
    >
      <div className={styles.cover} style={{ '--aspect': aspectOf(camera.status) } as CSSProperties}>
        <LivePicture
          cameraId={camera.id}
          name={camera.name}
          stream={hasSub ? 'sub' : 'main'}
          muted
          live={live}
          still={camera.status.lastFrameEpochMs !== null}
          player={player}
        />
        {overlay && live && <PictureOverlay camera={camera} player={player} />}
      </div>
      {words.wrong && <Trouble words={words} cameraId={camera.id} />}
      <div className={styles.caption}>
        <Dot hue={words.hue} />
        <span className={styles.name}>{camera.name}</span>
        {!words.wrong && <span className={styles.state}>{words.title}</span>}
      </div>
      <div className={styles.actions}>
        {isOperator && (
          <IconButton
            tone="onPicture"
            icon={History}
            label={t`Archive of ${camera.name}`}
            onClick={() => navigate(`/archive?camera=${camera.id}`)}
          />
        )}
        {isAdministrator && (
          <IconButton
            tone="onPicture"
            icon={SlidersHorizontal}
            label={t`Settings of ${camera.name}`}
            onClick={() => navigate(`/cameras/${camera.id}`)}
          />
        )}
        <IconButton
          tone="onPicture"
          icon={Maximize2}
          label={t`Focus ${camera.name}`}
          onClick={onFocusCamera}
        />
      </div>
    </div>
  );
}

/** What is wrong, since when, and what to do, on the dimmed last picture. */
export function Trouble({ words, cameraId }: { words: ReturnType<typeof wordsOfState>; cameraId: string }) {
  const isAdministrator = useMay('administrator');
  return (
    <div className={styles.trouble} data-hue={words.hue}>
      <p className={styles.troubleTitle}>{phraseOfState(words)}</p>
      {isAdministrator && words.advice && <p className={styles.troubleAdvice}>{words.advice}</p>}
      {isAdministrator && words.hue !== 'neutral' && (
        <a className={styles.troubleLink} href={`#/cameras/${cameraId}`}>
          <Trans>Check the camera</Trans>
        </a>
      )}
    </div>
  );
}
