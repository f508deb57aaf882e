/** A change that is being tried out: how long still, and keeping or undoing it. */
import { t } from '@lingui/core/macro';
import { Plural, Trans } from '@lingui/react/macro';
import { useEffect, useState } from 'react';
import type { NetworkView } from '../../../../shared/network.ts';
import { networkApi } from '../../../client/network-api.ts';
import { Button } from '../../../ui/Button.tsx';
import { ErrorNote, Note } from '../../../ui/States.tsx';
import { showProblem, showToast } from '../../../ui/Toast.tsx';
import styles from './Network.module.css';

export function TrialNote({
  trial,
  urlsBefore,
  onView,
  onOver,
}: {
  trial: NonNullable<NetworkView['trial']>;
  urlsBefore: readonly string[];
  onView: (view: NetworkView) => void;
  /** The time is over. */
  onOver: () => void;
}) {
  const seconds = useSecondsLeft(trial.leftMs);
  const [busy, setBusy] = useState<'keep' | 'undo' | null>(null);
  const isOver = seconds === 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is over
  useEffect(() => {
    if (isOver) onOver();
  }, [isOver]);

  async function run(what: 'keep' | 'undo', action: () => Promise<NetworkView>, words: string) {
    setBusy(what);
    try {
      onView(await action());
      showToast(words);
    } catch (thrown) {
      showProblem(thrown);
    } finally {
      setBusy(null);
    }
  }

  // Still here after the end: what answered at this address is closed again.
  if (isOver)
    return (
      <ErrorNote>
        <Trans>The change was not kept, so all is as before. The recorder is reached at:</Trans>{' '}
        <Links urls={urlsBefore} />
      </ErrorNote>
    );
  return (
    <Note>
      <div className={styles.trial}>
        <p>
          {trial.isReached ? (
            <Trans>
              You have reached the recorder with its new settings. Keep them within{' '}
              <Plural value={seconds} one="# second" other="# seconds" />, or all will be as before.
            </Trans>
          ) : (
            <Trans>
              New settings are being tried out. Open the new address and keep them there within{' '}
              <Plural value={seconds} one="# second" other="# seconds" />, or all will be as before:
            </Trans>
          )}{' '}
          {!trial.isReached && <Links urls={trial.urls} />}
        </p>
        <div className={styles.trialActions}>
          {trial.isReached && (
            <Button
              tone="primary"
              busy={busy === 'keep'}
              onClick={() => void run('keep', networkApi.keep, t`The network settings are kept`)}
            >
              <Trans>Keep these settings</Trans>
            </Button>
          )}
          <Button
            busy={busy === 'undo'}
            onClick={() => void run('undo', networkApi.undo, t`All is as before`)}
          >
            <Trans>Undo</Trans>
          </Button>
        </div>
      </div>
    </Note>
  );
}

function Links({ urls }: { urls: readonly string[] }) {
  return (
    <span className={styles.links}>
      {urls.map((url) => (
        <a key={url} href={`${url}/#/settings?tab=network`}>
          {url}
        </a>
      ))}
    </span>
  );
}

/** Whole seconds of what was left when the recorder was asked; 0 when they are over. */
export function useSecondsLeft(leftMs: number): number {
  const [seconds, setSeconds] = useState(() => Math.ceil(leftMs / 1000));
  useEffect(() => {
    const endMs = performance.now() + leftMs;
    const count = () => setSeconds(Math.max(0, Math.ceil((endMs - performance.now()) / 1000)));
    count();
    const timer = setInterval(count, 500);
    return () => clearInterval(timer);
  }, [leftMs]);
  return seconds;
}
