/** How a camera's state is said. */
import { t } from '@lingui/core/macro';
import type { CameraStatus, CameraView } from '../../shared/contract-cameras.ts';
import type { Hue } from '../ui/Badge.tsx';
import { formatSince } from './time-format.ts';

export interface StateWords {
  /** 'Unreachable since 14:02' */
  title: string;
  /** Why, in the engine's words. */
  reason: string | null;
  advice: string | null;
  hue: Hue;
  /** Whether it must be shown without being asked. */
  wrong: boolean;
}

type CameraFacts = Pick<CameraView, 'source' | 'recording' | 'status'>;

export function wordsOfState({ status, recording, source }: CameraFacts): StateWords {
  const wanted = source !== null && recording.mode !== 'off';
  const reason = status.problem;
  const { advice } = status;
  switch (status.state) {
    case 'online':
      if (wanted && !status.recording && !status.recordingOffBecause && recording.mode === 'continuous')
        return {
          title: t`Not recording since ${formatSince(status.sinceEpochMs)}`,
          reason,
          advice,
          hue: 'alarm',
          wrong: true,
        };
      if (reason) return { title: reason, reason: null, advice, hue: 'degraded', wrong: true };
      return {
        title: status.recordingOffBecause ?? (status.recording ? t`Recording` : wordOfMode(recording.mode)),
        reason: null,
        advice: null,
        hue: 'well',
        wrong: false,
      };
    case 'connecting':
      return { title: t`Connecting`, reason, advice, hue: 'neutral', wrong: reason !== null };
    case 'retrying':
      return {
        title: t`Unreachable since ${formatSince(status.sinceEpochMs)}`,
        reason,
        advice: advice ?? t`Trying again by itself.`,
        hue: wanted ? 'alarm' : 'degraded',
        wrong: true,
      };
    case 'paused':
      return {
        title: t`Paused`,
        reason: null,
        advice: null,
        hue: 'neutral',
        wrong: true,
      };
    case 'no-source':
      return {
        title: t`No stream`,
        reason: t`This camera was made without a source`,
        advice: advice ?? t`Add one in its settings.`,
        hue: 'neutral',
        wrong: true,
      };
  }
}

/** 'Unreachable since 14:02, wrong password': the state with its reason, as one phrase. */
export function phraseOfState({ title, reason }: StateWords): string {
  if (!reason) return title;
  const short = reason.replace(/\.$/, '');
  return `${title}, ${/^[A-Z][a-z]/.test(short) ? short[0]!.toLowerCase() + short.slice(1) : short}`;
}

/** Whether there are pictures to be had now. */
export function isLive(status: CameraStatus): boolean {
  return status.state === 'online';
}

/** Width ÷ height of the camera's picture; 16:9 until known. */
export function aspectOf(status: CameraStatus): number {
  const facts = status.streams[0];
  return facts && facts.width > 0 && facts.height > 0 ? facts.width / facts.height : 16 / 9;
}

function wordOfMode(mode: CameraView['recording']['mode']): string {
  return mode === 'events' ? t`Records around events` : t`Recording is off`;
}
