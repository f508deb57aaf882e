/** A change of where the engine listens that nobody has kept yet. */
import type { NetworkSettings } from '../../../shared/network.ts';
import type { CertificateAndKey } from '../../settings/certificate.ts';
import type { Move } from './listeners.ts';
import type { Ticket } from './ticket.ts';

export interface Trial {
  settings: NetworkSettings;
  own: CertificateAndKey | null;
  move: Move;
  /** What was listened on until then. */
  urlsBefore: string[];
  ticket: Ticket;
  /** By the clock that never steps. */
  untilMs: number;
  cancel(): void;
}
