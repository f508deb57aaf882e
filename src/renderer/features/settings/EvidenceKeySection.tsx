/** The key with which this installation signs evidence: what others need to see that a package is from here. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { exportsApi, exportUrls } from '../../client/exports-api.ts';
import { useResource } from '../../client/resource.ts';
import { DownloadLink } from '../../ui/DownloadLink.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Section } from '../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import styles from './AuditSection.module.css';

export function EvidenceKeySection() {
  const key = useResource('evidence-key', exportsApi.evidenceKey);
  return (
    <Section
      title={t`Evidence key`}
      note={t`Evidence packages are signed with it. Give the fingerprint to whoever receives one: with it they can see that the package is from this recorder.`}
      actions={
        <DownloadLink href={exportUrls.evidenceKey} download="public-key.pem">
          <Trans>Download public key</Trans>
        </DownloadLink>
      }
    >
      {key.error && <ErrorNote onRetry={key.refresh}>{key.error}</ErrorNote>}
      {!key.value && !key.error && (
        <Loading label={t`Loading the key`}>
          <Skeleton height={48} />
        </Loading>
      )}
      {key.value && (
        <Facts
          rows={[
            [
              t`Fingerprint`,
              <span key="f" className={styles.key}>
                {key.value.fingerprint}
              </span>,
            ],
            [
              t`Installation`,
              <span key="i" className={styles.key}>
                {key.value.installationId}
              </span>,
            ],
          ]}
        />
      )}
    </Section>
  );
}
