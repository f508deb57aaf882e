import { expect, test } from 'vitest';
import type { ServerMessage } from '../../../shared/contract-live.ts';
import type { Account } from '../../store/accounts.ts';
import { mayHear } from './event-sockets.ts';
import { CameraScope, forOperatorsOfCamera, requireDeclaration, requireRights } from './rights.ts';

const guard: Account = {
  ...{ id: 2, email: 'guard@example.test', passwordHash: '', createdEpochMs: 0, lastSignInEpochMs: null },
  ...{ role: 'operator', cameraIds: ['a'] },
};

test('a route without a declaration is refused', () => {
  const route = { method: 'GET', url: '/new' } as const;
  expect(() => requireDeclaration(route)).toThrow('The route GET /new does not declare the role');
  expect(() => requireDeclaration({ ...route, config: { open: true } })).not.toThrow();
  expect(() => requireDeclaration({ ...route, ...forOperatorsOfCamera })).not.toThrow();
});

test('a role and a camera are asked for, the role first', () => {
  const { config } = forOperatorsOfCamera;
  expect(() => requireRights(guard, config, { cameraId: 'A' })).not.toThrow();
  expect(() => requireRights(guard, config, { cameraId: 'b' })).toThrow('There is no such camera.');
  expect(() => requireRights({ ...guard, role: 'viewer' }, config, { cameraId: 'b' })).toThrow(
    'This account is a viewer. Only an operator or an administrator may do this.',
  );
  expect(() => requireRights(guard, {}, {})).toThrow('Only an administrator may do this.');
});

test('what is asked for is narrowed to the cameras of an account', () => {
  const [all, some] = [new CameraScope(null), new CameraScope(['a', 'c'])];
  expect([all.narrow(), all.narrow(['b']), some.narrow(), some.narrow(['A', 'b'])]).toEqual([
    undefined,
    ['b'],
    ['a', 'c'],
    ['A'],
  ]);
  expect(some.narrow([])).toEqual([]);
  expect([some.hasAll(['a', 'c']), some.hasAll(['a', 'b']), all.isWhole, some.isWhole]).toEqual([
    ...[true, false, true, false],
  ]);
});

test.each([
  [{ kind: 'cameras-changed' }, [true, true, true]],
  [{ kind: 'locks-changed' }, [false, true, true]],
  [{ kind: 'tracks', cameraId: 'a' }, [true, true, true]],
  [{ kind: 'tracks', cameraId: 'b' }, [false, false, true]],
  [{ kind: 'camera-status', status: { cameraId: 'b' } }, [false, false, true]],
  [{ kind: 'event', event: { cameraId: 'a' } }, [false, true, true]],
  [{ kind: 'alert', alert: { cameraId: null } }, [false, false, true]],
  [{ kind: 'alert', alert: { cameraId: 'a' } }, [false, true, true]],
  [{ kind: 'export', job: { cameras: [{ id: 'a' }, { id: 'b' }] } }, [false, false, true]],
  [{ kind: 'notification' }, [false, false, true]],
] as const)(
  '%o is heard by a viewer and an operator of camera a, and an operator of all',
  (message, heard) => {
    const [some, all] = [new CameraScope(['a']), new CameraScope(null)];
    const listeners = [
      { role: 'viewer', cameras: some },
      { role: 'operator', cameras: some },
      { role: 'operator', cameras: all },
    ] as const;
    expect(listeners.map((listener) => mayHear(listener, message as unknown as ServerMessage))).toEqual(
      heard,
    );
  },
);
