/** The archive: players above, the timeline with a lane per camera below. `?camera=ID&at=EPOCHMS` says where it opens. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Cctv, History } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { CameraView } from '../../../shared/contract-cameras.ts';
import { api } from '../../client/api.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { useResource } from '../../client/resource.ts';
import { Link, usePlace } from '../../client/router.tsx';
import { useDocumentTitle } from '../../ui/Page.tsx';
import { EmptyState, ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { MotionSearchPanel } from '../motion-search/MotionSearchPanel.tsx';
import { useMotionSearch } from '../motion-search/motion-search-store.ts';
import { useMay } from '../session/session-store.ts';
import styles from './ArchivePage.module.css';
import { useArchive } from './archive-store.ts';
import { PlayerView } from './PlayerView.tsx';
import { SelectionBar } from './SelectionBar.tsx';
import { SkipNoteView } from './SkipNoteView.tsx';
import { Timeline } from './Timeline.tsx';
import { TransportBar } from './TransportBar.tsx';
import type { TimelineController } from './timeline/timeline-controller.ts';
import { useArchiveCommands } from './use-archive-commands.ts';
import { useArchiveKeys } from './use-archive-keys.ts';
import { useArchivePlace, usePlaybackGroup } from './use-playback-group.ts';

export function ArchivePage() {
  useDocumentTitle(t`Archive`);
  const isAdministrator = useMay('administrator');
  const cameras = useCameras((state) => state.cameras);
  const camerasError = useCameras((state) => state.error);
  const bounds = useResource('archive-bounds', (signal) => api.archiveBounds(signal), 60_000);
  // Before the timeline is mounted below: its first zoom depends on it.
  useLayoutEffect(() => {
    if (bounds.value) useArchive.setState({ bounds: bounds.value });
  }, [bounds.value]);

  const problem = bounds.error ?? (cameras ? null : camerasError);
  if (problem && !bounds.value) {
    return (
      <div className={styles.message}>
        <ErrorNote onRetry={bounds.refresh}>
          <Trans>The archive cannot be shown. {problem}</Trans>
        </ErrorNote>
      </div>
    );
  }
  if (!cameras || !bounds.value) return <ArchiveSkeleton />;
  if (cameras.length === 0) {
    return (
      <div className={styles.message}>
        <EmptyState
          icon={Cctv}
          title={isAdministrator ? t`No cameras yet` : t`No camera for this account`}
          action={
            isAdministrator && (
              <Link to="/cameras/new">
                <Trans>Add a camera</Trans>
              </Link>
            )
          }
        >
          <Trans>What your cameras record will be found here, on a timeline.</Trans>
        </EmptyState>
      </div>
    );
  }
  if (bounds.value.latestEpochMs === null) {
    return (
      <div className={styles.message}>
        <EmptyState
          icon={History}
          title={t`Nothing recorded yet`}
          action={
            <Link to="/live">
              <Trans>See the cameras live</Trans>
            </Link>
          }
        >
          <Trans>The first footage appears here a few seconds after a camera is connected.</Trans>
        </EmptyState>
      </div>
    );
  }
  return <Archive cameras={cameras} latestEpochMs={bounds.value.latestEpochMs} />;
}

function Archive({ cameras, latestEpochMs }: { cameras: readonly CameraView[]; latestEpochMs: number }) {
  const { query } = usePlace();
  const stage = useRef<HTMLDivElement>(null);
  const controller = useRef<TimelineController | null>(null);
  const [opened] = useState(() => ({ query, latestEpochMs }));
  const group = usePlaybackGroup(opened, cameras);
  const commands = useArchiveCommands(group, controller, stage);
  useArchiveKeys(commands);
  useArchivePlace(query, commands);
  const shown = useArchive((state) => state.shownCameraIds);
  const searching = useMotionSearch((state) => state.asked !== null);
  useEffect(() => () => useMotionSearch.getState().close(), []);
  const onSkip = useArchiveSkips();
  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">
        <Trans>Archive</Trans>
      </h1>
      <div className={styles.top} data-found={searching || undefined}>
        <div className={styles.stage} ref={stage} data-players={shown.length}>
          {shown.map((cameraId) => (
            <PlayerView
              key={cameraId}
              cameraId={cameraId}
              group={group}
              showName={shown.length > 1}
              onSkip={onSkip}
              onRegion={commands.searchRegion}
            />
          ))}
          <SkipNoteView />
        </div>
        <MotionSearchPanel onSeek={commands.seek} />
      </div>
      <div className={styles.controls}>
        <TransportBar commands={commands} />
        <SelectionBar commands={commands} />
      </div>
      <div className={styles.timeline}>
        <Timeline cameras={cameras} commands={commands} controller={controller} />
      </div>
    </div>
  );
}

function useArchiveSkips() {
  const [onSkip] = useState(() => (fromEpochMs: number, toEpochMs: number) => {
    useArchive.setState({ skipNote: { fromEpochMs, toEpochMs, cause: null } });
  });
  return onSkip;
}

function ArchiveSkeleton() {
  return (
    <Loading label={t`Loading the archive`} className={styles.page}>
      <div className={styles.stage} data-players={1} />
      <div className={styles.controls}>
        <Skeleton height={32} style={{ margin: '8px 0 48px' }} />
      </div>
      <div className={styles.timeline}>
        <Skeleton height={148} />
      </div>
    </Loading>
  );
}
