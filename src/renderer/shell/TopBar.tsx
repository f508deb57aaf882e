/** The bar at the top: the site, search, how recording goes, what needs attention, and the time. */
import { t } from '@lingui/core/macro';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { api } from '../client/api.ts';
import { useCameras } from '../client/cameras-store.ts';
import { useResource } from '../client/resource.ts';
import { navigate } from '../client/router.tsx';
import { formatTimeSeconds, formatZone } from '../client/time-format.ts';
import { useMay } from '../features/session/session-store.ts';
import { Dot } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { Kbd } from '../ui/Kbd.tsx';
import { Tooltip } from '../ui/Tooltip.tsx';
import { AccountMenu } from './AccountMenu.tsx';
import { AlertsMenu } from './AlertsMenu.tsx';
import { summarizeRecording } from './recording-figure.ts';
import { useShell } from './shell-store.ts';
import styles from './TopBar.module.css';

export function TopBar() {
  const sites = useResource('sites', api.sites);
  const isOperator = useMay('operator');
  return (
    <header className={styles.bar}>
      <span className={styles.site}>{sites.value?.[0]?.name ?? ''}</span>
      <button
        type="button"
        className={styles.search}
        aria-label={t`Search`}
        onClick={() => useShell.setState({ paletteOpen: true })}
      >
        <Search size={16} strokeWidth={1.75} aria-hidden="true" />
        <span className={styles.searchWords}>
          {isOperator ? t`Search cameras, pages, times` : t`Search cameras`}
        </span>
        <Kbd keys="Ctrl+K" />
      </button>
      <div className={styles.end}>
        {isOperator && <RecordingFigure />}
        {isOperator && <AlertsMenu />}
        <AccountMenu />
        <Clock />
      </div>
    </header>
  );
}

function RecordingFigure() {
  const cameras = useCameras((state) => state.cameras);
  if (!cameras || cameras.length === 0) return null;
  const { hue, short, long } = summarizeRecording(cameras);
  return (
    <Tooltip text={long}>
      <Button tone="quiet" className={styles.figure} onClick={() => navigate('/health')} aria-label={long}>
        <Dot hue={hue} />
        <span className={styles.figureShort}>{short}</span>
        <span className={styles.figureLong}>{long}</span>
      </Button>
    </Tooltip>
  );
}

function Clock() {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time className={styles.clock} dateTime={new Date(now).toISOString()}>
      {formatTimeSeconds(now)} <span>{formatZone(now)}</span>
    </time>
  );
}
