/** An upload in place of footage: its picture, or its video, which follows the playhead and carries it on while playing. */
import { Trans } from '@lingui/react/macro';
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { TimelineUpload } from '../../../shared/contract-archive.ts';
import { urls } from '../../client/api.ts';
import { uploadWords } from './mark-words.ts';
import styles from './PlayerView.module.css';
import type { ArchivePlayer } from './player/archive-player.ts';

export interface UploadViewProps {
  upload: TimelineUpload;
  player: RefObject<ArchivePlayer | null>;
  /** Times the normal speed; below 0 backwards, where the playhead is moved from outside. */
  rate: number;
  sound: boolean;
  onAspect(aspect: number): void;
}

/** The playhead was moved by somebody else when it is off by more than this. */
const MOVED_MS = 20;

export function UploadView({ upload, player, rate, sound, onAspect }: UploadViewProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [failed, setFailed] = useState(false);
  useFollowing(video, player, upload, rate);
  const isVideo = upload.contentType === 'video/mp4';
  const seekToPlayhead = () => {
    const at = player.current?.epochMs ?? upload.startEpochMs;
    if (video.current) video.current.currentTime = (at - upload.startEpochMs) / 1000;
  };
  return (
    <>
      {isVideo && !failed ? (
        <video
          ref={video}
          className={styles.still}
          src={urls.uploadFile(upload.id)}
          muted={!sound || rate > 2 || rate < 0.5}
          playsInline
          preload="auto"
          onLoadedMetadata={seekToPlayhead}
          onResize={({ currentTarget: { videoWidth, videoHeight } }) => {
            if (videoWidth > 0) onAspect(videoWidth / videoHeight);
          }}
          onError={() => setFailed(true)}
        />
      ) : (
        <img
          className={styles.still}
          src={urls.uploadPicture(upload.id, 1920)}
          alt=""
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
            onAspect(naturalWidth / naturalHeight)
          }
        />
      )}
      <p className={styles.uploaded}>{uploadWords(upload)}</p>
      {failed && (
        <p className={styles.note} role="status">
          <Trans>
            This browser cannot play the uploaded video; its first picture is shown.{' '}
            <a href={urls.uploadFile(upload.id, { save: true })}>Save the video</a>
          </Trans>
        </p>
      )}
    </>
  );
}

function useFollowing(
  video: RefObject<HTMLVideoElement | null>,
  player: RefObject<ArchivePlayer | null>,
  upload: TimelineUpload,
  rate: number,
): void {
  useEffect(() => {
    let frame = 0;
    let beforeMs = performance.now();
    let shown = player.current?.epochMs ?? upload.startEpochMs;
    const follow = () => {
      frame = requestAnimationFrame(follow);
      const passedMs = (performance.now() - beforeMs) * rate;
      beforeMs = performance.now();
      const own = player.current;
      if (!own) return;
      const element = video.current;
      if (Math.abs(own.epochMs - shown) > MOVED_MS) {
        shown = own.epochMs;
        if (element) element.currentTime = (shown - upload.startEpochMs) / 1000;
      } else if (own.playing) {
        shown = element ? playedTo(element, upload, shown) : shown + passedMs;
        own.advance(shown);
      }
      if (element) keepPlaying(element, own.playing, rate);
    };
    frame = requestAnimationFrame(follow);
    return () => cancelAnimationFrame(frame);
  }, [video, player, upload, rate]);
}

/** Where the video is; at its end the end that is known of it, which may lie a little behind its last picture. */
function playedTo(element: HTMLVideoElement, upload: TimelineUpload, shown: number): number {
  if (element.ended) return upload.endEpochMs;
  return element.readyState >= 2 && !element.seeking
    ? upload.startEpochMs + element.currentTime * 1000
    : shown;
}

function keepPlaying(element: HTMLVideoElement, playing: boolean, rate: number): void {
  if (rate > 0 && element.playbackRate !== rate) element.playbackRate = rate;
  if (!playing && !element.paused) element.pause();
  // Refused without a gesture, or come between by a seek: the next picture tries again.
  if (playing && element.paused && !element.ended) element.play().catch(() => undefined);
}
