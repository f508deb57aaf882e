/** A bundle for whoever helps: what the recorder is and did, without secrets. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Download } from 'lucide-react';
import { APP_PREFIX } from '../../../../shared/contract.ts';
import { Section } from '../../../ui/Page.tsx';
import styles from './System.module.css';

export function DiagnosticsSection() {
  return (
    <Section
      title={t`Diagnostics`}
      note={t`Versions, load, camera states, gaps, alerts and the newest log, as readable files in a ZIP: for whoever helps you. No passwords, keys, pictures or footage; names and host addresses of cameras are in it.`}
      actions={
        <a className={styles.download} href={`${APP_PREFIX}/diagnostics.zip`} download>
          <Download size={16} strokeWidth={1.75} aria-hidden="true" />
          <Trans>Download</Trans>
        </a>
      }
    >
      {null}
    </Section>
  );
}
