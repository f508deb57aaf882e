/** What stands before the app: the first run or the sign-in. */
import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import { Logo } from '../../ui/Logo.tsx';
import { ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { FirstRun } from './FirstRun.tsx';
import styles from './SessionGate.module.css';
import { SignIn } from './SignIn.tsx';
import { useSession } from './session-store.ts';

export function SessionGate() {
  const { view, error, refresh } = useSession();
  if (view?.state === 'setup')
    return (
      <Frame>
        <FirstRun codeNeeded={view.setupCodeNeeded} />
      </Frame>
    );
  if (view)
    return (
      <Frame>
        <SignIn />
      </Frame>
    );
  return (
    <Frame>
      {error ? (
        <ErrorNote onRetry={() => void refresh()}>{error}</ErrorNote>
      ) : (
        <Loading label={t`Loading`} className={styles.form}>
          <Skeleton width={160} height={28} />
          <Skeleton height={52} />
          <Skeleton height={52} />
          <Skeleton height={32} />
        </Loading>
      )}
    </Frame>
  );
}

function Frame({ children }: { children: ReactNode }) {
  return (
    <main className={styles.frame}>
      <div className={styles.mark}>
        <Logo size={28} />
        <span>Threshold</span>
      </div>
      <div className={styles.body}>{children}</div>
    </main>
  );
}
