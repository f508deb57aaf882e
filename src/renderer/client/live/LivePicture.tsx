/** The live picture of one camera, filling its parent; the newest still stands in until the stream plays. */
import { t } from '@lingui/core/macro';
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { StreamKind } from '../../../shared/domain-storage.ts';
import { urls } from '../api.ts';
import styles from './LivePicture.module.css';
import { LivePlayer, type LiveState } from './live-player.ts';

export interface LivePictureProps {
  cameraId: string;
  name: string;
  stream: StreamKind;
  muted: boolean;
  /** Without it only the newest still is shown: the camera is away. */
  live: boolean;
  /** Whether there is a newest still; without one it is not asked for. */
  still: boolean;
  /** Filled with the player, for what must know which moment is shown. */
  player?: RefObject<LivePlayer | null>;
  onState?: (state: LiveState) => void;
}

export function LivePicture({
  cameraId,
  name,
  stream,
  muted,
  live,
  still,
  player,
  onState,
}: LivePictureProps) {
  const video = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [state, setState] = useState<LiveState | null>(null);
  const [stillFailed, setStillFailed] = useState(false);
  const [version, setVersion] = useState(Date.now);
  const report = useRef(onState);
  report.current = onState;

  useEffect(() => {
    setStillFailed(false);
    setVersion(Date.now());
    if (!live || !video.current || !canvas.current) return;
    const mine = new LivePlayer({
      cameraId,
      stream,
      withAudio: !muted,
      video: video.current,
      canvas: canvas.current,
      onState: (next) => {
        setState(next);
        report.current?.(next);
      },
    });
    if (player) player.current = mine;
    mine.start();
    return () => {
      mine.stop();
      if (player) player.current = null;
      setState(null);
    };
  }, [cameraId, stream, muted, live, player]);

  const playing = state?.phase === 'playing';
  const onCanvas = state?.format === 'mpeg1';
  return (
    <div className={styles.picture} data-phase={playing ? 'playing' : 'waiting'}>
      {still && !stillFailed && (
        <img
          className={styles.layer}
          src={urls.cameraPicture(cameraId, 640, version)}
          alt=""
          draggable={false}
          onError={() => setStillFailed(true)}
        />
      )}
      <video
        ref={video}
        className={styles.layer}
        data-shown={playing && !onCanvas}
        aria-label={t`Live picture of ${name}`}
        muted={muted}
        playsInline
        autoPlay
        disablePictureInPicture
      />
      <canvas ref={canvas} className={styles.layer} data-shown={playing && onCanvas} />
    </div>
  );
}
