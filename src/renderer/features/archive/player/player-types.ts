/** What an archive player tells and needs. Only types. */
import type { TimelineUpload } from '../../../../shared/contract-archive.ts';
import type { LoadMedia, MediaAnswer } from './track-feed.ts';

export type PlayerStatus =
  | { kind: 'loading' }
  | { kind: 'ready' }
  /** Nothing is recorded at the playhead. */
  | { kind: 'gap'; nextEpochMs: number | null }
  /** Nothing is recorded at the playhead, but this was uploaded for its time: it is shown beside the video element. */
  | { kind: 'upload'; upload: TimelineUpload }
  /** Playing has reached the newest picture. */
  | { kind: 'edge' }
  /** Footage is needed and the recorder does not answer; it is asked again and again. */
  | { kind: 'unreachable'; problem: string }
  | { kind: 'unsupported'; codecString: string }
  | { kind: 'failed'; problem: string };

export interface ArchivePlayerDeps {
  video: HTMLVideoElement;
  load(track: 'video' | 'audio', baseEpochMs: number, ...args: Parameters<LoadMedia>): Promise<MediaAnswer>;
  /** Whether a player beside this one is looking for a picture: what is not needed for this one's waits. */
  othersSeek?(): boolean;
  /** The upload that shows a time, else the next one; absent: holes are shown as such. */
  askUpload?(epochMs: number): Promise<TimelineUpload | null>;
  onStatus(status: PlayerStatus): void;
  /** Playing went over a stretch without footage. */
  onSkip(fromEpochMs: number, toEpochMs: number): void;
  /** Sound was asked for but this footage has none (`silent`), or nothing is recorded here: it is off again. */
  onNoSound(why: 'silent' | 'no-footage'): void;
}
