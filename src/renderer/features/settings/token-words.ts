/** What a token's scopes allow, in words. */
import { t } from '@lingui/core/macro';
import type { TOKEN_SCOPES } from '../../../shared/contract.ts';

export const SCOPE_WORDS: Record<(typeof TOKEN_SCOPES)[number], string> = {
  user: t`Read cameras and events`,
  'annotations:write': t`Report unlocks and labels`,
};
