/** Live: every camera now, one of them large, and what happened last beside it. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Cctv, Expand, PanelRight, Plus, Radar, SquareDashed } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useCameras } from '../../client/cameras-store.ts';
import { toggleFullScreen } from '../../client/full-screen.ts';
import type { LiveState } from '../../client/live/live-player.ts';
import { navigate, usePlace } from '../../client/router.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { useDocumentTitle } from '../../ui/Page.tsx';
import { EmptyState, ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { showProblem } from '../../ui/Toast.tsx';
import { isTyping } from '../../ui/typing.ts';
import { useMay } from '../session/session-store.ts';
import { EventStrip } from './EventStrip.tsx';
import { FocusHead } from './FocusHead.tsx';
import { FocusView } from './FocusView.tsx';
import { LiveGrid } from './LiveGrid.tsx';
import styles from './LivePage.module.css';
import { sortByOrder, useLive, useLiveFeed } from './live-store.ts';

export function LivePage() {
  const { cameras, error, refresh } = useCameras();
  const { overlay, strip, order, setOverlay, setStrip } = useLive();
  const focusedId = usePlace().query.get('camera');
  const [muted, setMuted] = useState(true);
  const [playerState, setPlayerState] = useState<LiveState | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const sorted = useMemo(() => sortByOrder(cameras ?? [], order), [cameras, order]);
  const focused = sorted.find(({ id }) => id === focusedId) ?? null;
  useDocumentTitle(focused ? t`${focused.name}, live` : t`Live`);
  const isOperator = useMay('operator');
  const isAdministrator = useMay('administrator');
  useLiveFeed(isOperator);

  const focus = useCallback((id: string | null) => navigate(id ? `/live?camera=${id}` : '/live'), []);
  const onFullScreen = useCallback(() => void toggleFullScreen(frame.current).catch(showProblem), []);
  useLiveKeys(sorted, focusedId, onFullScreen, isOperator);

  if (cameras?.length === 0 && !isAdministrator)
    return (
      <div className={styles.empty}>
        <EmptyState icon={Cctv} title={t`No camera for this account`}>
          <Trans>An administrator can let it see cameras, under Settings, Users.</Trans>
        </EmptyState>
      </div>
    );
  if (cameras?.length === 0)
    return (
      <div className={styles.empty}>
        <EmptyState
          icon={Cctv}
          title={t`No camera yet`}
          action={
            <Button tone="primary" icon={Radar} onClick={() => navigate('/cameras/find')}>
              <Trans>Find cameras</Trans>
            </Button>
          }
        >
          <Trans>
            Let the network be searched, add one by its address, or take a demo camera to look around.
          </Trans>
        </EmptyState>
      </div>
    );

  return (
    <div ref={frame} className={styles.page}>
      <div className={styles.body}>
        <div className={styles.bar}>
          {focused ? (
            <FocusHead
              camera={focused}
              state={playerState}
              muted={muted}
              setMuted={setMuted}
              onBack={() => focus(null)}
            />
          ) : (
            <h1 className={styles.title}>
              <Trans>Live</Trans>
            </h1>
          )}
          <span className={styles.tools}>
            <IconButton
              icon={SquareDashed}
              label={t`Boxes and lines`}
              keys="B"
              pressed={overlay}
              onClick={() => setOverlay(!overlay)}
            />
            {isOperator && (
              <IconButton
                icon={PanelRight}
                label={t`Recent events`}
                keys="E"
                pressed={strip}
                onClick={() => setStrip(!strip)}
              />
            )}
            <IconButton icon={Expand} label={t`Full screen`} keys="F" onClick={onFullScreen} />
            {!focused && isAdministrator && (
              <Button icon={Plus} onClick={() => navigate('/cameras/new')}>
                <Trans>Add camera</Trans>
              </Button>
            )}
          </span>
        </div>
        {error && !cameras && <ErrorNote onRetry={() => void refresh()}>{error}</ErrorNote>}
        {!cameras && !error && (
          <Loading label={t`Loading cameras`} className={styles.skeleton}>
            {[0, 1, 2, 3].map((index) => (
              <Skeleton key={index} height="100%" style={{ borderRadius: 6 }} />
            ))}
          </Loading>
        )}
        {cameras && focused && (
          <FocusView
            key={focused.id}
            camera={focused}
            muted={muted}
            onState={setPlayerState}
            onBack={() => focus(null)}
          />
        )}
        {cameras && !focused && <LiveGrid cameras={sorted} onFocusCamera={focus} />}
      </div>
      {isOperator && strip && <EventStrip {...(focused ? { cameraId: focused.id } : {})} />}
    </div>
  );
}

function useLiveKeys(
  cameras: ReadonlyArray<{ id: string }>,
  focusedId: string | null,
  toggleFullScreen: () => void,
  isOperator: boolean,
): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const { overlay, strip, setOverlay, setStrip } = useLive.getState();
      const index = cameras.findIndex(({ id }) => id === focusedId);
      const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      if (event.key === 'b') setOverlay(!overlay);
      else if (event.key === 'e' && isOperator) setStrip(!strip);
      else if (event.key === 'f') toggleFullScreen();
      else if (event.key === 'r' && focusedId && isOperator) navigate(`/archive?camera=${focusedId}`);
      else if (event.key === 'Escape' && focusedId && !document.fullscreenElement) navigate('/live');
      else if (step !== 0 && index >= 0)
        navigate(`/live?camera=${cameras[(index + step + cameras.length) % cameras.length]!.id}`, {
          replace: true,
        });
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [cameras, focusedId, toggleFullScreen, isOperator]);
}
