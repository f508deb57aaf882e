/** Where the recorder is reached: address, port and encryption, tried out before they are kept. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { NetworkChange, NetworkView } from '../../../../shared/network.ts';
import { networkApi } from '../../../client/network-api.ts';
import { useResource } from '../../../client/resource.ts';
import { Facts } from '../../../ui/Facts.tsx';
import { Section } from '../../../ui/Page.tsx';
import { ErrorNote, Loading, Note, Skeleton } from '../../../ui/States.tsx';
import { CertificateSection } from './CertificateSection.tsx';
import { LeadDialog } from './LeadDialog.tsx';
import styles from './Network.module.css';
import { NetworkForm } from './NetworkForm.tsx';
import { TrialNote } from './TrialNote.tsx';

/** The end of a trial, and who is at the new address, are seen this often. */
const LOOK_EVERY_MS = 3000;

export function NetworkSection() {
  const network = useResource('network', networkApi.view, LOOK_EVERY_MS);
  const [change, setChange] = useState<NetworkChange | null>(null);
  const view = network.value;
  function onChanged(changed: NetworkChange) {
    network.put(changed.view);
    if (changed.leadUrl === null) return;
    // A browser warns of a certificate that it does not know: what it will show is said before.
    if (changed.fingerprint === null) location.assign(changed.leadUrl);
    else setChange(changed);
  }
  return (
    <>
      <Section title={t`Network`} note={t`Where browsers and other programs reach this recorder.`}>
        {network.error && !view?.trial && <ErrorNote onRetry={network.refresh}>{network.error}</ErrorNote>}
        {!view && !network.error && (
          <Loading label={t`Loading the network settings`}>
            <Skeleton height={160} />
          </Loading>
        )}
        {view && (
          <div className={styles.parts}>
            {view.trial && (
              <TrialNote
                key={JSON.stringify(view.trial.settings)}
                trial={view.trial}
                urlsBefore={view.urls}
                onView={network.put}
                onOver={network.refresh}
              />
            )}
            {view.notice && <ErrorNote>{view.notice}</ErrorNote>}
            {!view.trial && <Reached view={view} />}
            {view.flag && (
              <Note>
                <Trans>
                  The recorder was started with <code>--listen {view.flag}</code>. That decides address and
                  port, whatever is set here; encryption is set here all the same.
                </Trans>
              </Note>
            )}
            {!view.trial && (
              <NetworkForm key={JSON.stringify(view.settings)} view={view} onChanged={onChanged} />
            )}
          </div>
        )}
      </Section>
      {view && <CertificateSection view={view} onView={network.put} />}
      {change?.leadUrl && (
        <LeadDialog
          url={change.leadUrl}
          fingerprint={change.fingerprint ?? ''}
          leftMs={change.view.trial?.leftMs ?? 0}
          onClose={() => setChange(null)}
        />
      )}
    </>
  );
}

function Reached({ view }: { view: NetworkView }) {
  const links = view.urls.map((url) => (
    <a key={url} href={url} className={styles.url}>
      {url}
    </a>
  ));
  return (
    <Facts
      rows={[
        [
          t`Reached at`,
          <span key="urls" className={styles.urls}>
            {links}
          </span>,
        ],
      ]}
    />
  );
}
