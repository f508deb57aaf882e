/** One camera: its picture with lines and zones, and beside it everything that can be set. Changes are saved together. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Eye } from 'lucide-react';
import { useEffect, useState } from 'react';
import { api } from '../../client/api.ts';
import { phraseOfState, wordsOfState } from '../../client/camera-words.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { Link, navigate } from '../../client/router.tsx';
import { Dot } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { Page } from '../../ui/Page.tsx';
import { EmptyState, ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import { AnalysisPanel } from './AnalysisPanel.tsx';
import styles from './CameraPage.module.css';
import { isDirty, patchOf, problemsOf, useDraft } from './draft-store.ts';
import { LeaveDialog } from './LeaveDialog.tsx';
import { PictureEditor } from './PictureEditor.tsx';
import { RecordingPanel } from './RecordingPanel.tsx';
import { RehearsalPanel } from './rehearsal/RehearsalPanel.tsx';
import { ShapesPanel } from './ShapesPanel.tsx';
import { SourcePanel } from './SourcePanel.tsx';
import { useEditorKeys } from './use-editor-keys.ts';

export function CameraPage({ id = '' }: { id?: string }) {
  const { cameras, error, refresh } = useCameras();
  const camera = cameras?.find((one) => one.id === id);
  const { stored, draft, cameraId } = useDraft();
  const [tab, setTab] = useState('shapes');
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    if (camera) useDraft.getState().open(camera);
  }, [camera]);
  useEffect(() => () => useDraft.getState().close(), []);

  const dirty = stored !== null && draft !== null && isDirty({ stored, draft });
  const problems = stored && draft && dirty ? problemsOf(stored, draft) : {};
  const blocked = Object.keys(problems).length > 0;

  async function save() {
    if (!stored || !draft || !dirty || blocked || busy) return;
    setBusy(true);
    try {
      const answer = await api.patchCamera(id, patchOf(stored, draft));
      useDraft.getState().saved(answer);
      useCameras.getState().put(answer);
      showToast(t`Saved`);
    } catch (thrown) {
      showProblem(thrown);
    } finally {
      setBusy(false);
    }
  }
  useEditorKeys(() => void save());

  if (cameras && !camera)
    return (
      <Page title={t`Camera`}>
        <EmptyState
          icon={Eye}
          title={t`This camera is not here any more`}
          action={
            <Link to="/cameras">
              <Trans>All cameras</Trans>
            </Link>
          }
        >
          <Trans>It was deleted, or the address is mistyped.</Trans>
        </EmptyState>
      </Page>
    );
  if (!camera || cameraId !== id || !draft)
    return (
      <Page title={t`Camera`}>
        {error ? <ErrorNote onRetry={() => void refresh()}>{error}</ErrorNote> : <CameraSkeleton />}
      </Page>
    );

  const words = wordsOfState(camera);
  return (
    <Page
      title={camera.name}
      parent={{ to: '/cameras', label: t`Cameras` }}
      note={
        <span className={styles.state}>
          <Dot hue={words.hue} />
          {words.title}
        </span>
      }
      actions={
        <>
          {dirty && (
            <span className={styles.unsaved}>
              <Trans>Unsaved changes</Trans>
            </span>
          )}
          <Button disabled={!dirty || busy} onClick={() => useDraft.getState().discard()}>
            <Trans>Discard</Trans>
          </Button>
          <Button tone="primary" disabled={!dirty || blocked} busy={busy} onClick={() => void save()}>
            <Trans>Save</Trans>
          </Button>
          <Button tone="quiet" icon={Eye} onClick={() => navigate(`/live?camera=${id}`)}>
            <Trans>Live</Trans>
          </Button>
        </>
      }
    >
      {words.wrong && words.hue !== 'neutral' && (
        <ErrorNote tone={words.hue === 'alarm' ? 'alarm' : 'degraded'}>
          {phraseOfState(words)}. {words.advice}
        </ErrorNote>
      )}
      <div className={styles.columns}>
        <PictureEditor camera={camera} />
        <Tabs
          label={t`Camera settings`}
          className={styles.side}
          value={tab}
          onValue={setTab}
          tabs={[
            {
              value: 'shapes',
              label: t`Rules`,
              content: <ShapesPanel camera={camera} problems={problems} />,
            },
            { value: 'rehearsal', label: t`Try out`, content: <RehearsalPanel camera={camera} /> },
            { value: 'recording', label: t`Recording`, content: <RecordingPanel /> },
            { value: 'analysis', label: t`Analysis`, content: <AnalysisPanel camera={camera} /> },
            {
              value: 'source',
              label: t`Source`,
              content: <SourcePanel camera={camera} problems={problems} />,
            },
          ]}
        />
      </div>
      <LeaveDialog dirty={dirty} />
    </Page>
  );
}

function CameraSkeleton() {
  return (
    <Loading label={t`Loading camera`} className={styles.columns}>
      <Skeleton height="auto" style={{ aspectRatio: '16 / 9' }} />
      <div className={styles.side}>
        <Skeleton height={36} />
        <Skeleton height={200} style={{ marginTop: 16 }} />
      </div>
    </Loading>
  );
}
