/** How accounts and their roles are said. Pure. */
import { plural, t } from '@lingui/core/macro';
import type { AccountView, Role } from '../../../../shared/accounts.ts';
import { formatSince } from '../../../client/time-format.ts';

export const ROLE_TITLES: Record<Role, string> = {
  viewer: t`Viewer`,
  operator: t`Operator`,
  administrator: t`Administrator`,
};

export const ROLE_HINTS: Record<Role, string> = {
  viewer: t`Sees live pictures, nothing that was recorded.`,
  operator: t`Sees live pictures and recordings; searches, exports and locks footage.`,
  administrator: t`Does everything: cameras, settings, users and keys.`,
};

/** 'Operator, 2 of 5 cameras, last signed in yesterday 14:02' */
export function accountWords(
  { role, cameraIds, lastSignInEpochMs }: Pick<AccountView, 'role' | 'cameraIds' | 'lastSignInEpochMs'>,
  cameraCount: number,
  nowEpochMs: number = Date.now(),
): string {
  const seen = cameraIds?.length ?? 0;
  const cameras =
    cameraIds === null
      ? t`all cameras`
      : plural(cameraCount, { one: `${seen} of # camera`, other: `${seen} of # cameras` });
  const signedIn =
    lastSignInEpochMs === null
      ? t`never signed in`
      : t`last signed in ${formatSince(lastSignInEpochMs, nowEpochMs)}`;
  return `${ROLE_TITLES[role]}, ${cameras}, ${signedIn}`;
}
