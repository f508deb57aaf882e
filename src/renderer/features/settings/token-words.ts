/** What a token's scopes allow, in words. */
import type { TOKEN_SCOPES } from '../../../shared/contract.ts';

export const SCOPE_WORDS: Record<(typeof TOKEN_SCOPES)[number], string> = {
  user: 'Read cameras and events',
  'annotations:write': 'Report unlocks and labels',
};
