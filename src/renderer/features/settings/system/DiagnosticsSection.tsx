/** A bundle for whoever helps: what the recorder is and did, without secrets. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { APP_PREFIX } from '../../../../shared/contract.ts';
import { DownloadLink } from '../../../ui/DownloadLink.tsx';
import { Section } from '../../../ui/Page.tsx';

export function DiagnosticsSection() {
  return (
    <Section
      title={t`Diagnostics`}
      note={t`Versions, load, camera states, gaps, alerts and the newest log, as readable files in a ZIP: for whoever helps you. No passwords, keys, pictures or footage; names and host addresses of cameras are in it.`}
      actions={
        <DownloadLink href={`${APP_PREFIX}/diagnostics.zip`} download={true}>
          <Trans>Download</Trans>
        </DownloadLink>
      }
    >
      {null}
    </Section>
  );
}
