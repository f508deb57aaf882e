/** The token with which cameras and scripts upload pictures and videos; it opens nothing else. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { camioApi } from '../../../client/camio-api.ts';
import { useResource } from '../../../client/resource.ts';
import { formatSince } from '../../../client/time-format.ts';
import { Button } from '../../../ui/Button.tsx';
import { CopyField } from '../../../ui/CopyField.tsx';
import { ConfirmDialog } from '../../../ui/Dialog.tsx';
import { Section } from '../../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../../ui/States.tsx';
import { showProblem, showToast } from '../../../ui/Toast.tsx';
import styles from '../ListSection.module.css';

export function UploadTokenSection() {
  const token = useResource('upload-token', camioApi.uploadToken);
  const [rotating, setRotating] = useState(false);
  const [busy, setBusy] = useState(false);

  async function rotate() {
    setBusy(true);
    try {
      token.put(await camioApi.rotateUploadToken());
      showToast(t`Made a new upload token`);
      setRotating(false);
    } catch (thrown) {
      showProblem(thrown);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Section
      title={t`Upload token`}
      note={t`Cameras and scripts upload pictures and videos with it. It shows and changes nothing.`}
      actions={
        <Button icon={RefreshCw} onClick={() => setRotating(true)}>
          <Trans>Replace</Trans>
        </Button>
      }
    >
      {token.error && <ErrorNote onRetry={token.refresh}>{token.error}</ErrorNote>}
      {!token.value && !token.error && (
        <Loading label={t`Loading the upload token`}>
          <Skeleton height={48} />
        </Loading>
      )}
      {token.value && (
        <>
          <CopyField label={t`Token`} value={token.value.token} />
          <p className={styles.quiet}>
            {token.value.lastUsedEpochMs === null
              ? t`Never used`
              : t`Last used ${formatSince(token.value.lastUsedEpochMs)}`}
          </p>
        </>
      )}
      <ConfirmDialog
        open={rotating}
        onOpenChange={setRotating}
        title={t`Replace the upload token?`}
        description={t`Uploads with the present one are refused at once. Every camera and script that uploads needs the new one.`}
        action={t`Replace token`}
        busy={busy}
        onConfirm={() => void rotate()}
      />
    </Section>
  );
}
