/** Asks who is signed in for the password once more, before secrets leave the recorder or settings are replaced. */
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../shared/errors.ts';
import { MINUTE_MS } from '../../shared/units.ts';
import type { Clock } from '../platform/clock.ts';
import { verifyPassword } from '../settings/password.ts';
import type { Account } from '../store/accounts.ts';
import { RateLimitError } from './errors.ts';
import { FailureCounts } from './rate-limits.ts';

export interface ConfirmPasswordDeps {
  accounts: { byEmail(email: string): { passwordHash: string } | null };
  clock: Clock;
}

/** Wrong passwords of one account before it has to wait. */
const MAX_WRONG = 5;

export class PasswordConfirmation {
  private readonly accounts: ConfirmPasswordDeps['accounts'];
  private readonly wrong: FailureCounts;

  constructor({ accounts, clock }: ConfirmPasswordDeps) {
    this.accounts = accounts;
    this.wrong = new FailureCounts({ limit: MAX_WRONG, windowMs: 5 * MINUTE_MS, clock });
  }

  /** Throws AppError `forbidden` for a wrong password, `rate-limited` after several. */
  async require(request: FastifyRequest, password: string): Promise<void> {
    const account = accountOf(request);
    const key = String(account.id);
    const seconds = this.wrong.blockedSeconds(key);
    if (seconds > 0)
      throw new RateLimitError(seconds, 'Too many wrong passwords: please wait a few minutes.');
    const { passwordHash = null } = this.accounts.byEmail(account.email) ?? {};
    if (await verifyPassword(password, passwordHash)) {
      this.wrong.forgive(key);
      return;
    }
    this.wrong.fail(key);
    throw new AppError('forbidden', 'This is not your password.');
  }
}

function accountOf(request: FastifyRequest): Account {
  const account = request.principal?.account;
  if (!account) throw new AppError('unauthenticated', 'Please sign in.');
  return account;
}
