/** The app's frame: rail, top bar, the page, the bottom bar on phones, and what opens from everywhere. */

import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Compass, LockKeyhole } from 'lucide-react';
import { Suspense, useEffect, useRef } from 'react';
import type { Role } from '../../shared/accounts.ts';
import { useCamerasFeed } from '../client/cameras-store.ts';
import { ROLE_IN_SENTENCE } from '../client/role-words.ts';
import { Link, navigate, usePlace } from '../client/router.tsx';
import { onServerConnected, startServerEvents, stopServerEvents } from '../client/server-events.ts';
import { may, useMay, useSession } from '../features/session/session-store.ts';
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx';
import { Page } from '../ui/Page.tsx';
import { EmptyState, Loading, Skeleton } from '../ui/States.tsx';
import { useAlertsFeed } from './alerts-store.ts';
import { BottomBar } from './BottomBar.tsx';
import { CommandPalette } from './CommandPalette.tsx';
import { ConnectionNote } from './ConnectionNote.tsx';
import { KeysDialog } from './KeysDialog.tsx';
import { Rail } from './Rail.tsx';
import { findRoute } from './routes.tsx';
import styles from './Shell.module.css';
import { TopBar } from './TopBar.tsx';
import { useShellKeys } from './use-shell-keys.ts';

export function Shell() {
  const { path } = usePlace();
  const main = useRef<HTMLElement>(null);
  useCamerasFeed();
  useAlertsFeed(useMay('operator'));
  useShellKeys();
  useEffect(() => {
    startServerEvents();
    // What the account may do is changed while it is signed in: then the connection was broken.
    const stop = onServerConnected(() => void useSession.getState().refresh());
    return () => {
      stop();
      stopServerEvents();
    };
  }, []);
  useEffect(() => {
    if (path === '/') navigate('/live', { replace: true });
    main.current?.scrollTo(0, 0);
  }, [path]);

  return (
    <div className={styles.shell}>
      <button type="button" className={styles.skip} onClick={() => main.current?.focus()}>
        <Trans>Skip to the page</Trans>
      </button>
      <Rail path={path} />
      <TopBar />
      <div className={styles.stage}>
        <ConnectionNote />
        <main className={styles.main} ref={main} tabIndex={-1}>
          <ErrorBoundary resetKey={path}>
            <Suspense fallback={<PageSkeleton />}>
              <CurrentPage path={path} />
            </Suspense>
          </ErrorBoundary>
        </main>
      </div>
      <BottomBar path={path} />
      <CommandPalette />
      <KeysDialog />
    </div>
  );
}

function CurrentPage({ path }: { path: string }) {
  const found = findRoute(path);
  const view = useSession((state) => state.view);
  if (path === '/') return null;
  if (!found)
    return (
      <Page title={t`Not found`}>
        <EmptyState
          icon={Compass}
          title={t`There is no such page`}
          action={
            <Link to="/live">
              <Trans>Go to Live</Trans>
            </Link>
          }
        >
          <Trans>The address may be mistyped, or the page may belong to a newer version.</Trans>
        </EmptyState>
      </Page>
    );
  if (!may(found.route.role, view)) return <NotAllowed needed={found.route.role} />;
  const Component = found.route.page;
  return <Component {...found.parameters} />;
}

function NotAllowed({ needed }: { needed: Role }) {
  const view = useSession((state) => state.view);
  const who = view?.email ?? '';
  const role = ROLE_IN_SENTENCE[view?.role ?? 'viewer'];
  return (
    <Page title={t`Not for this account`}>
      <EmptyState
        icon={LockKeyhole}
        title={t`Your account may not open this page`}
        action={
          <Link to="/live">
            <Trans>Go to Live</Trans>
          </Link>
        }
      >
        {needed === 'administrator'
          ? t`${who} is ${role}; this page is for administrators. An administrator can change that under Settings, Users.`
          : t`${who} is ${role}; this page is for operators and administrators. An administrator can change that under Settings, Users.`}
      </EmptyState>
    </Page>
  );
}

function PageSkeleton() {
  return (
    <Loading label={t`Loading page`} className={styles.skeleton}>
      <Skeleton width={180} height={28} />
      <Skeleton height="40vh" />
    </Loading>
  );
}
