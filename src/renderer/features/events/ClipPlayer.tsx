/** The clip of one event: from five seconds before it, with its tracks drawn, again from the start at its end. */
import { t } from '@lingui/core/macro';
import { Pause, Play, StepBack, StepForward } from 'lucide-react';
import { type CSSProperties, type RefObject, useEffect, useRef, useState } from 'react';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import { urls } from '../../client/api.ts';
import { useCamera } from '../../client/cameras-store.ts';
import { eventMoment, isAlarm } from '../../client/event-words.ts';
import { formatTimeMillis, formatTimeSeconds } from '../../client/time-format.ts';
import { IconButton } from '../../ui/Button.tsx';
import { mediaLoader } from '../archive/media-loader.ts';
import { ArchivePlayer } from '../archive/player/archive-player.ts';
import type { PlayerStatus } from '../archive/player/player-types.ts';
import styles from './ClipPlayer.module.css';
import { TrackOverlay } from './TrackOverlay.tsx';

export const CLIP_BEFORE_MS = 5000;
export const CLIP_AFTER_MS = 5000;

export interface ClipPlayerProps {
  event: NvrEvent;
  player: RefObject<ArchivePlayer | null>;
}

export function ClipPlayer({ event, player }: ClipPlayerProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [status, setStatus] = useState<PlayerStatus>({ kind: 'loading' });
  const [playing, setPlaying] = useState(true);
  const [at, setAt] = useState(event.startEpochMs - CLIP_BEFORE_MS);
  const [aspect, setAspect] = useState(16 / 9);
  const camera = useCamera(event.cameraId);
  const from = event.startEpochMs - CLIP_BEFORE_MS;
  const to =
    Math.min(Math.max(event.endEpochMs, event.startEpochMs), event.startEpochMs + 60_000) + CLIP_AFTER_MS;

  useEffect(() => {
    const made = new ArchivePlayer({
      video: video.current!,
      load: mediaLoader(event.cameraId),
      onStatus: setStatus,
      onSkip: () => undefined,
      onNoSound: () => undefined,
    });
    player.current = made;
    made.start();
    made.seek(from);
    made.play();
    setPlaying(true);
    let frame = 0;
    const follow = () => {
      frame = requestAnimationFrame(follow);
      if (made.playing && made.epochMs > to) made.seek(from);
      setAt(Math.round(made.epochMs));
    };
    follow();
    return () => {
      cancelAnimationFrame(frame);
      player.current = null;
      void made.stop();
    };
  }, [event.cameraId, from, to, player]);

  const toggle = () => {
    const made = player.current;
    if (!made) return;
    if (made.playing) made.pause();
    else made.play();
    setPlaying(made.playing);
  };
  const step = (direction: 1 | -1) => {
    player.current?.step(direction);
    setPlaying(false);
  };
  useClipKeys(toggle, step);
  const line = camera?.lines.find((one) => one.name === event.detail.line);
  const nothing = status.kind === 'gap' || status.kind === 'failed' || status.kind === 'unsupported';
  return (
    <div className={styles.clip}>
      <figure
        className={styles.picture}
        style={
          {
            aspectRatio: aspect,
            '--aspect': aspect,
            '--below': event.detail.tailgating ? '440px' : '220px',
          } as CSSProperties
        }
        aria-label={t`Clip of ${event.cameraName}`}
      >
        {/* biome-ignore lint/a11y/useMediaCaption: recordings of cameras have no captions */}
        <video
          ref={video}
          className={styles.video}
          playsInline
          poster={event.hasSnapshot ? urls.eventSnapshot(event.id, { plain: true }) : undefined}
          data-hidden={nothing || undefined}
          onLoadedMetadata={({ currentTarget }) => {
            if (currentTarget.videoWidth > 0) setAspect(currentTarget.videoWidth / currentTarget.videoHeight);
          }}
        />
        {nothing && event.hasSnapshot && (
          <img className={styles.video} src={urls.eventSnapshot(event.id)} alt="" />
        )}
        {!nothing && <TrackOverlay event={event} line={line} player={player} aspect={aspect} />}
        {status.kind === 'unreachable' && <figcaption className={styles.note}>{status.problem}</figcaption>}
        {nothing && <figcaption className={styles.note}>{missingWords(status)}</figcaption>}
      </figure>
      <div className={styles.controls}>
        <IconButton icon={StepBack} label={t`Previous frame`} keys="," onClick={() => step(-1)} />
        <IconButton
          icon={playing ? Pause : Play}
          label={playing ? t`Pause` : t`Play`}
          keys="Space"
          onClick={toggle}
        />
        <IconButton icon={StepForward} label={t`Next frame`} keys="." onClick={() => step(1)} />
        <Scrubber
          from={from}
          to={to}
          at={at}
          eventAt={eventMoment(event)}
          alarm={isAlarm(event)}
          onSeek={(epochMs) => player.current?.seek(epochMs)}
        />
        <time className={styles.time}>{playing ? formatTimeSeconds(at) : formatTimeMillis(at)}</time>
      </div>
    </div>
  );
}

function Scrubber(props: {
  from: number;
  to: number;
  at: number;
  eventAt: number;
  alarm: boolean;
  onSeek: (epochMs: number) => void;
}) {
  const { from, to, at, eventAt, alarm, onSeek } = props;
  const percent = (epochMs: number) =>
    `${Math.min(100, Math.max(0, ((epochMs - from) / (to - from)) * 100))}%`;
  return (
    <div className={styles.scrubber}>
      <span className={styles.rail} aria-hidden="true">
        <span className={styles.past} style={{ width: percent(at) }} />
        <span className={styles.moment} data-alarm={alarm || undefined} style={{ left: percent(eventAt) }} />
      </span>
      <input
        type="range"
        aria-label={t`Position in clip`}
        aria-valuetext={formatTimeSeconds(at)}
        min={from}
        max={to}
        step={100}
        value={Math.min(Math.max(at, from), to)}
        onChange={(change) => onSeek(Number(change.target.value))}
      />
    </div>
  );
}

function useClipKeys(toggle: () => void, step: (direction: 1 | -1) => void): void {
  const latest = useRef({ toggle, step });
  latest.current = { toggle, step };
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        target?.closest('input[type="text"], [role="dialog"]')
      )
        return;
      if (event.key === ' ' && !target?.closest('button:focus-visible, a')) latest.current.toggle();
      else if (event.key === ',') latest.current.step(-1);
      else if (event.key === '.') latest.current.step(1);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

function missingWords(status: PlayerStatus): string {
  if (status.kind === 'unsupported')
    return t`This browser cannot play the recording. The picture of the event is shown.`;
  if (status.kind === 'failed') return status.problem;
  return t`Nothing was recorded at this time. The picture of the event is shown.`;
}
