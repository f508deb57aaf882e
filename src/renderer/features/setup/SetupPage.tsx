/** The first run after the account: where recordings go, and the first cameras. Everything here can be changed later. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { navigate, usePlace } from '../../client/router.tsx';
import { Button } from '../../ui/Button.tsx';
import { Page } from '../../ui/Page.tsx';
import { FindCameras } from '../cameras/find/FindCameras.tsx';
import { useFind } from '../cameras/find/find-store.ts';
import { RecordingStep } from './RecordingStep.tsx';
import styles from './SetupPage.module.css';

export function SetupPage() {
  const step = usePlace().query.get('step') === 'cameras' ? 'cameras' : 'recording';
  const isSignedIn = useFind(({ view }) => view?.devices.some(({ state }) => state === 'ready') ?? false);
  const number = step === 'recording' ? 2 : isSignedIn ? 4 : 3;
  return (
    <Page title={t`Set up`} width="read" note={t`Step ${number} of 4`}>
      {step === 'recording' ? (
        <section key={step} className={styles.step} aria-labelledby="setup-heading">
          <h2 id="setup-heading" tabIndex={-1} ref={focusOnMount}>
            <Trans>Where recordings go</Trans>
          </h2>
          <RecordingStep onDone={() => navigate('/setup?step=cameras')} />
        </section>
      ) : (
        <section key={step} className={styles.step} aria-labelledby="setup-heading">
          <h2 id="setup-heading" tabIndex={-1} ref={focusOnMount}>
            {isSignedIn ? t`Look at the pictures and add them` : t`Find your cameras`}
          </h2>
          <FindCameras onAdded={() => navigate('/live')} />
          <div className={styles.actions}>
            <Button tone="quiet" onClick={() => navigate('/setup')}>
              <Trans>Back</Trans>
            </Button>
            <Button tone="quiet" onClick={() => navigate('/live')}>
              <Trans>Without cameras for now</Trans>
            </Button>
          </div>
        </section>
      )}
    </Page>
  );
}

/** The next step is read out, and the keyboard goes on from there. */
function focusOnMount(heading: HTMLElement | null): void {
  heading?.focus();
}
