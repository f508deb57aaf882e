/** How accounts and their roles are said. Pure. */
import type { AccountView, Role } from '../../../../shared/accounts.ts';
import { formatSince } from '../../../client/time-format.ts';

export const ROLE_TITLES: Record<Role, string> = {
  viewer: 'Viewer',
  operator: 'Operator',
  administrator: 'Administrator',
};

export const ROLE_HINTS: Record<Role, string> = {
  viewer: 'Sees live pictures, nothing that was recorded.',
  operator: 'Sees live pictures and recordings; searches, exports and locks footage.',
  administrator: 'Does everything: cameras, settings, users and keys.',
};

/** 'Operator, 2 of 5 cameras, last signed in yesterday 14:02' */
export function accountWords(
  { role, cameraIds, lastSignInEpochMs }: Pick<AccountView, 'role' | 'cameraIds' | 'lastSignInEpochMs'>,
  cameraCount: number,
  nowEpochMs: number = Date.now(),
): string {
  const of = `of ${cameraCount} ${cameraCount === 1 ? 'camera' : 'cameras'}`;
  const cameras = cameraIds === null ? 'all cameras' : `${cameraIds.length} ${of}`;
  const seen =
    lastSignInEpochMs === null
      ? 'never signed in'
      : `last signed in ${formatSince(lastSignInEpochMs, nowEpochMs)}`;
  return `${ROLE_TITLES[role]}, ${cameras}, ${seen}`;
}
