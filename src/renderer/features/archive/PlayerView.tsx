/** One camera's picture at the playhead, with words over it where there is none. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { type CSSProperties, useEffect, useRef, useState } from 'react';
import type { Box } from '../../../shared/geometry.ts';
import { urls } from '../../client/api.ts';
import { aspectOf } from '../../client/camera-words.ts';
import { useCamera } from '../../client/cameras-store.ts';
import { formatTimeSeconds } from '../../client/time-format.ts';
import { Button } from '../../ui/Button.tsx';
import { showToast } from '../../ui/Toast.tsx';
import { RegionAdvice, RegionLayer } from '../motion-search/RegionLayer.tsx';
import { askGap, askUpload } from './archive-queries.ts';
import { useArchive } from './archive-store.ts';
import { causeWords, gapTimes } from './gap-words.ts';
import { AS_RECORDED, mediaLoader, type Shown } from './media-loader.ts';
import styles from './PlayerView.module.css';
import { ArchivePlayer } from './player/archive-player.ts';
import type { PlaybackGroup } from './player/playback-group.ts';
import type { PlayerStatus } from './player/player-types.ts';
import { UploadView } from './UploadView.tsx';
import { ZoomedPicture } from './ZoomedPicture.tsx';

export interface PlayerViewProps {
  cameraId: string;
  group: PlaybackGroup;
  /** The name is only worth its place where there are several pictures. */
  showName: boolean;
  onSkip: (fromEpochMs: number, toEpochMs: number) => void;
  /** A part of the picture was drawn, to be searched for motion. */
  onRegion: (cameraId: string, box: Box) => void;
}

/** The key frame before: it is there sooner than the video. */
const POSTER_WITHIN_MS = 10_000;

export function PlayerView({ cameraId, group, showName, onSkip, onRegion }: PlayerViewProps) {
  const videoRef = useRef<HTMLVideoElement>(null);
  const playerRef = useRef<ArchivePlayer | null>(null);
  const rate = useArchive((state) => state.rate);
  const sound = useArchive((state) => state.sound);
  const [shown, setShown] = useState(AS_RECORDED);
  const [status, setStatus] = useState<PlayerStatus>({ kind: 'loading' });
  const [shownAspect, setAspect] = useState<number | null>(null);
  const camera = useCamera(cameraId);
  // Of the first moment alone: a seek has something better to do than to make another.
  const [poster] = useState(() => urls.archiveFrame(cameraId, group.epochMs, 960, POSTER_WITHIN_MS));
  const skip = useRef(onSkip);
  skip.current = onSkip;

  useEffect(() => {
    const player = new ArchivePlayer({
      video: videoRef.current!,
      load: mediaLoader(cameraId, {
        rate: () => useArchive.getState().rate,
        onShown: setShown,
      }),
      othersSeek: () => group.seeking,
      askUpload: (epochMs) => askUpload(cameraId, epochMs),
      onStatus: setStatus,
      onSkip: (from, to) => skip.current(from, to),
      onNoSound: (why) => {
        group.setSound(false);
        useArchive.setState({ sound: false });
        showToast(
          why === 'silent'
            ? t`This footage has no sound.`
            : t`Nothing is recorded here, so there is no sound.`,
        );
      },
    });
    playerRef.current = player;
    player.start();
    group.attach(cameraId, player);
    return () => {
      setShown(AS_RECORDED);
      group.detach(cameraId);
      playerRef.current = null;
      void player.stop();
    };
  }, [cameraId, group]);

  const name = camera?.name ?? t`Camera`;
  const aspect = shownAspect ?? (camera ? aspectOf(camera.status) : 16 / 9);
  return (
    <div className={styles.place}>
      <figure
        className={styles.player}
        data-state={status.kind}
        style={{ '--aspect': aspect } as CSSProperties}
        aria-label={t`Recording of ${name}`}
      >
        <ZoomedPicture cameraId={cameraId}>
          {/* biome-ignore lint/a11y/useMediaCaption: recordings of cameras have no captions */}
          <video
            ref={videoRef}
            className={styles.video}
            playsInline
            disablePictureInPicture
            data-camera-id={cameraId}
            onResize={({ currentTarget: { videoWidth, videoHeight } }) => {
              if (videoWidth > 0) setAspect(videoWidth / videoHeight);
            }}
            poster={poster}
          />
          {status.kind === 'unsupported' && <StillPicture cameraId={cameraId} />}
          {status.kind === 'upload' && (
            <UploadView
              key={status.upload.id}
              upload={status.upload}
              player={playerRef}
              rate={rate}
              sound={sound}
              onAspect={setAspect}
            />
          )}
          <RegionLayer cameraId={cameraId} onDrawn={(box) => onRegion(cameraId, box)} />
        </ZoomedPicture>
        <RegionAdvice />
        {showName && <figcaption className={styles.name}>{name}</figcaption>}
        <ShownNote shown={shown} />
        <Overlay cameraId={cameraId} status={status} group={group} />
      </figure>
    </div>
  );
}

/** Why the picture is not the one that was recorded. */
function ShownNote({ shown: { rendition, why } }: { shown: Shown }) {
  if (why === null) return null;
  return (
    <p className={styles.stream} role="status">
      {why === 'connection' ? (
        <Trans>Smaller picture: the connection is slow</Trans>
      ) : rendition === 'sub' ? (
        <Trans>Smaller picture: this browser cannot play the full one</Trans>
      ) : (
        <Trans>Converted for this browser</Trans>
      )}
    </p>
  );
}

function Overlay({
  cameraId,
  status,
  group,
}: {
  cameraId: string;
  status: PlayerStatus;
  group: PlaybackGroup;
}) {
  if (status.kind === 'gap')
    return <GapWords cameraId={cameraId} nextEpochMs={status.nextEpochMs} group={group} />;
  if (status.kind === 'edge') {
    return (
      <p className={styles.note} role="status">
        <Trans>The newest picture. Playback goes on as it is recorded.</Trans>
      </p>
    );
  }
  if (status.kind === 'unreachable') {
    return (
      <p className={styles.note} role="status">
        {status.problem} <Trans>Trying again until it answers.</Trans>
      </p>
    );
  }
  if (status.kind === 'unsupported') {
    const codec = /^(hvc1|hev1)/.test(status.codecString) ? 'H.265' : status.codecString;
    return (
      <p className={styles.note} role="status">
        <Trans>
          This browser cannot play {codec}; still pictures are shown. Export the clip to play it in another
          program, or set the camera to H.264.
        </Trans>
      </p>
    );
  }
  if (status.kind === 'failed') {
    return (
      <div className={styles.words} role="alert">
        <p>{status.problem}</p>
        <Button onClick={() => group.seek(group.epochMs)}>
          <Trans>Try again</Trans>
        </Button>
      </div>
    );
  }
  return null;
}

function GapWords(props: { cameraId: string; nextEpochMs: number | null; group: PlaybackGroup }) {
  const { cameraId, nextEpochMs, group } = props;
  const [words, setWords] = useState<{ cause: string; times: string } | null>(null);
  const at = useArchive((state) => Math.round(state.playheadEpochMs / 1000));
  useEffect(() => {
    const aborter = new AbortController();
    askGap(cameraId, at * 1000, aborter.signal).then(
      (gap) =>
        setWords({
          cause: gap ? `${causeWords(gap)}. ${gap.detail}` : t`Nothing was recorded here`,
          times: gap ? gapTimes(gap, formatTimeSeconds) : '',
        }),
      () => {
        if (!aborter.signal.aborted) setWords({ cause: t`Nothing was recorded here`, times: '' });
      },
    );
    return () => aborter.abort();
  }, [cameraId, at]);
  return (
    <div className={styles.words} role="status">
      <h2>
        <Trans>No footage at {formatTimeSeconds(at * 1000)}</Trans>
      </h2>
      <p>{words?.cause ?? ' '}</p>
      <p className={styles.quiet}>{words?.times || ' '}</p>
      {nextEpochMs !== null && (
        <Button onClick={() => group.seek(nextEpochMs + 1)}>
          <Trans>Go on at {formatTimeSeconds(nextEpochMs)}</Trans>
        </Button>
      )}
    </div>
  );
}

/** For footage the browser cannot decode: the engine's still pictures, a few per second at most. */
function StillPicture({ cameraId }: { cameraId: string }) {
  const at = useArchive((state) => Math.round(state.playheadEpochMs / 500) * 500);
  return <img className={styles.still} src={urls.archiveFrame(cameraId, at, 1280)} alt="" />;
}
