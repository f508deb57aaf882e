/** How the role of an account is said within a sentence. */
import { t } from '@lingui/core/macro';
import type { Role } from '../../shared/accounts.ts';

/** As in 'This account is an operator'. */
export const ROLE_IN_SENTENCE: Record<Role, string> = {
  viewer: t`a viewer`,
  operator: t`an operator`,
  administrator: t`an administrator`,
};
