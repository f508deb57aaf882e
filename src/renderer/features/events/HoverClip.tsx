/** The seconds around an event, silently and again and again, while it is pointed at. */
import { useEffect, useRef, useState } from 'react';
import { mediaLoader } from '../archive/media-loader.ts';
import { ArchivePlayer } from '../archive/player/archive-player.ts';
import styles from './EventsPage.module.css';

const BEFORE_MS = 2500;
const AFTER_MS = 5000;

export function HoverClip({ cameraId, startEpochMs }: { cameraId: string; startEpochMs: number }) {
  const video = useRef<HTMLVideoElement>(null);
  const [ready, setReady] = useState(false);
  useEffect(() => {
    const player = new ArchivePlayer({
      video: video.current!,
      load: mediaLoader(cameraId),
      // Where nothing can be played the still picture simply stays.
      onStatus: (status) =>
        setReady((was) =>
          status.kind === 'ready' || status.kind === 'edge' ? true : was && status.kind === 'loading',
        ),
      onSkip: () => player.seek(startEpochMs - BEFORE_MS),
      onNoSound: () => undefined,
    });
    player.start();
    player.seek(startEpochMs - BEFORE_MS);
    player.play();
    const timer = setInterval(() => {
      if (player.epochMs > startEpochMs + AFTER_MS) player.seek(startEpochMs - BEFORE_MS);
    }, 150);
    return () => {
      clearInterval(timer);
      void player.stop();
    };
  }, [cameraId, startEpochMs]);
  return (
    <video
      ref={video}
      className={styles.clip}
      data-ready={ready || undefined}
      playsInline
      muted
      tabIndex={-1}
    />
  );
}
