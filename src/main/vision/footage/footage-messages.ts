/** What a footage analysis and its worker say to each other. Only types: both ends derive from them. */
import type { Observation } from '../../../shared/domain-events.ts';
import type { Box } from '../../../shared/geometry.ts';
import type { ModelCard } from '../models/card.ts';
import type { Snapshot } from '../snapshot.ts';
import type { FootageRequest } from './analyze-footage.ts';

/** `workerData` of a footage worker. */
export interface FootageSetup {
  ffmpegPath: string;
  /** null: motion and sabotage only. */
  model: { card: ModelCard; path: string } | null;
  request: FootageRequest;
}

/** Some pictures' worth of analysis, in order. */
export interface FootageBatch {
  observations: Observation[];
  /** Everything before this time has been looked at. */
  reachedMs: number;
  /** Files that could not be read, in the user's words. */
  problems: string[];
  isLast: boolean;
}

export type ToFootageWorker =
  | { type: 'next' }
  | { type: 'snapshot'; requestId: number; atMs: number; box: Box | null }
  | { type: 'stop' };

export type FromFootageWorker =
  | { type: 'batch'; batch: FootageBatch }
  | { type: 'snapshot'; requestId: number; snapshot: Snapshot | null }
  | { type: 'failed'; problem: string };
