/** The certificate in use: for whom it is, until when, and by what to know it. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { APP_PREFIX } from '../../../../shared/contract.ts';
import type { NetworkView } from '../../../../shared/network.ts';
import { networkApi } from '../../../client/network-api.ts';
import { formatDay, formatTime } from '../../../client/time-format.ts';
import { Button } from '../../../ui/Button.tsx';
import { ConfirmDialog } from '../../../ui/Dialog.tsx';
import { DownloadLink } from '../../../ui/DownloadLink.tsx';
import { Facts } from '../../../ui/Facts.tsx';
import { Section } from '../../../ui/Page.tsx';
import { showProblem, showToast } from '../../../ui/Toast.tsx';
import { Fingerprint } from './Fingerprint.tsx';

export function CertificateSection({
  view,
  onView,
}: {
  view: NetworkView;
  onView: (view: NetworkView) => void;
}) {
  const [asks, setAsks] = useState(false);
  const [busy, setBusy] = useState(false);
  const { certificate } = view.trial?.settings ?? view.settings;
  const shown = certificate === 'own' ? view.certificates.own : view.certificates.generated;
  if (certificate === 'none' || !shown) return null;
  async function make() {
    setBusy(true);
    try {
      onView(await networkApi.makeCertificate());
      showToast(t`The recorder has a new certificate`);
    } catch (thrown) {
      showProblem(thrown);
    } finally {
      setBusy(false);
      setAsks(false);
    }
  }
  const isGenerated = certificate === 'generated';
  return (
    <Section
      title={t`Certificate`}
      note={
        isGenerated
          ? t`Made by the recorder for itself, and made anew before it ends. A browser that is to trust it without a warning needs this file among its trusted certificates.`
          : undefined
      }
      actions={
        isGenerated && (
          <>
            <DownloadLink href={`${APP_PREFIX}/network/certificate.pem`} download="threshold-nvr.crt">
              <Trans>Download</Trans>
            </DownloadLink>
            <Button icon={RefreshCw} onClick={() => setAsks(true)}>
              <Trans>Make a new one…</Trans>
            </Button>
          </>
        )
      }
    >
      <Facts
        rows={[
          [t`For`, shown.names.join(', ') || shown.subject],
          ...(isGenerated ? [] : ([[t`Issued by`, shown.issuer]] as const)),
          [t`Valid until`, `${formatDay(shown.untilEpochMs)} ${formatTime(shown.untilEpochMs)}`],
          [t`Fingerprint (SHA-256)`, <Fingerprint key="fingerprint" of={shown.fingerprint} />],
        ]}
      />
      <ConfirmDialog
        open={asks}
        onOpenChange={setAsks}
        title={t`Make a new certificate`}
        description={t`For the names and addresses that this computer has now. Browsers and programs that trusted the present one will warn again.`}
        action={t`Make a new one`}
        busy={busy}
        onConfirm={() => void make()}
      />
    </Section>
  );
}
