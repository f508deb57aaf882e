/** What is said about the focused camera, and what can be done with it. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { ArrowLeft, History, SlidersHorizontal, Volume2, VolumeX } from 'lucide-react';
import type { CameraView } from '../../../shared/contract-cameras.ts';
import { wordsOfState } from '../../client/camera-words.ts';
import type { LiveState } from '../../client/live/live-player.ts';
import { navigate } from '../../client/router.tsx';
import { formatBitRate } from '../../client/time-format.ts';
import { Dot } from '../../ui/Badge.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { useMay } from '../session/session-store.ts';
import styles from './FocusView.module.css';

export interface FocusHeadProps {
  camera: CameraView;
  state: LiveState | null;
  muted: boolean;
  setMuted: (muted: boolean) => void;
  onBack: () => void;
}

export function FocusHead({ camera, state, muted, setMuted, onBack }: FocusHeadProps) {
  const words = wordsOfState(camera);
  const isOperator = useMay('operator');
  const isAdministrator = useMay('administrator');
  const facts = camera.status.streams.find(({ stream }) => stream === 'main');
  return (
    <div className={styles.head}>
      <Button tone="quiet" icon={ArrowLeft} aria-label={t`All cameras`} onClick={onBack}>
        <span className={styles.backWords}>
          <Trans>All cameras</Trans>
        </span>
      </Button>
      <h1 className={styles.name}>{camera.name}</h1>
      <span className={styles.state}>
        <Dot hue={words.hue} />
        <span className={styles.stateWords}>{words.title}</span>
      </span>
      {facts && (
        <span className={styles.facts}>
          {facts.width} × {facts.height}, {Math.round(facts.framesPerSecond)} fps,{' '}
          {formatBitRate(facts.bitsPerSecond)}
          {state?.format === 'mpeg1' ? `, ${t`converted for this browser`}` : ''}
        </span>
      )}
      <span className={styles.end}>
        {facts?.audioCodec && (
          <IconButton
            icon={muted ? VolumeX : Volume2}
            label={muted ? t`Turn sound on` : t`Turn sound off`}
            pressed={!muted}
            onClick={() => setMuted(!muted)}
          />
        )}
        {isOperator && (
          <IconButton
            icon={History}
            label={t`Open in archive`}
            keys="R"
            onClick={() => navigate(`/archive?camera=${camera.id}`)}
          />
        )}
        {isAdministrator && (
          <IconButton
            icon={SlidersHorizontal}
            label={t`Camera settings`}
            onClick={() => navigate(`/cameras/${camera.id}`)}
          />
        )}
      </span>
    </div>
  );
}
