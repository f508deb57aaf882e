/** The way to a new address with HTTPS: which certificate the browser is about to be shown, and going there. */
import { t } from '@lingui/core/macro';
import { Plural, Trans } from '@lingui/react/macro';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Facts } from '../../../ui/Facts.tsx';
import { Fingerprint } from './Fingerprint.tsx';
import { useSecondsLeft } from './TrialNote.tsx';

export function LeadDialog({
  url,
  fingerprint,
  leftMs,
  onClose,
}: {
  url: string;
  fingerprint: string;
  leftMs: number;
  onClose: () => void;
}) {
  const seconds = useSecondsLeft(leftMs);
  const { origin } = new URL(url);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t`Go on at the new address`}
      description={t`Unless it trusts this certificate already, the browser will warn of it. Compare the fingerprint there, go on, and press “Keep these settings”.`}
      actions={
        <>
          <Button onClick={onClose}>
            <Trans>Stay here</Trans>
          </Button>
          <Button tone="primary" disabled={seconds === 0} onClick={() => location.assign(url)}>
            <Trans>Open the new address</Trans>
          </Button>
        </>
      }
    >
      <Facts
        rows={[
          [t`New address`, origin],
          [t`Fingerprint (SHA-256)`, <Fingerprint key="fingerprint" of={fingerprint} />],
          [t`Time left`, <Plural key="left" value={seconds} one="# second" other="# seconds" />],
        ]}
      />
    </Dialog>
  );
}
