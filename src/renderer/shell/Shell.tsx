/** The app's frame: rail, top bar, the page, the bottom bar on phones, and what opens from everywhere. */
import { Compass, LockKeyhole } from 'lucide-react';
import { Suspense, useEffect, useRef } from 'react';
import { ROLE_WORDS, type Role } from '../../shared/accounts.ts';
import { useCamerasFeed } from '../client/cameras-store.ts';
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
        Skip to the page
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
      <Page title="Not found">
        <EmptyState icon={Compass} title="There is no such page" action={<Link to="/live">Go to Live</Link>}>
          The address may be mistyped, or the page may belong to a newer version.
        </EmptyState>
      </Page>
    );
  if (!may(found.route.role, view)) return <NotAllowed needed={found.route.role} />;
  const Component = found.route.page;
  return <Component {...found.parameters} />;
}

function NotAllowed({ needed }: { needed: Role }) {
  const view = useSession((state) => state.view);
  const words = needed === 'administrator' ? 'administrators' : 'operators and administrators';
  return (
    <Page title="Not for this account">
      <EmptyState
        icon={LockKeyhole}
        title="Your account may not open this page"
        action={<Link to="/live">Go to Live</Link>}
      >
        {`${view?.email} is ${ROLE_WORDS[view?.role ?? 'viewer']}; this page is for ${words}. An administrator can change that under Settings, Users.`}
      </EmptyState>
    </Page>
  );
}

function PageSkeleton() {
  return (
    <Loading label="Loading page" className={styles.skeleton}>
      <Skeleton width={180} height={28} />
      <Skeleton height="40vh" />
    </Loading>
  );
}
