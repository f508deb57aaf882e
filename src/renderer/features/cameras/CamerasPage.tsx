/** The list of cameras with how each of them does. */
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Cctv, Plus, Radar } from 'lucide-react';
import type { CameraView } from '../../../shared/contract-cameras.ts';
import { urls } from '../../client/api.ts';
import { phraseOfState, wordsOfState } from '../../client/camera-words.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { Link, navigate } from '../../client/router.tsx';
import { formatBitRate, formatShare } from '../../client/time-format.ts';
import { Dot } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { Page } from '../../ui/Page.tsx';
import { EmptyState, ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import styles from './CamerasPage.module.css';

export function CamerasPage() {
  const { cameras, error, refresh } = useCameras();
  const add = (
    <>
      <Button icon={Plus} onClick={() => navigate('/cameras/new')}>
        <Trans>Add camera</Trans>
      </Button>
      <Button tone="primary" icon={Radar} onClick={() => navigate('/cameras/find')}>
        <Trans>Find cameras</Trans>
      </Button>
    </>
  );
  return (
    <Page
      title={t`Cameras`}
      parent={{ to: '/settings', label: t`Settings` }}
      width="read"
      note={cameras && cameras.length > 0 ? String(cameras.length) : undefined}
      actions={cameras?.length === 0 ? undefined : add}
    >
      {error && !cameras && <ErrorNote onRetry={() => void refresh()}>{error}</ErrorNote>}
      {!cameras && !error && (
        <Loading label={t`Loading cameras`} className={styles.list}>
          {[0, 1, 2].map((index) => (
            <div key={index} className={styles.row}>
              <Skeleton width={128} height={72} />
              <Skeleton width="40%" />
            </div>
          ))}
        </Loading>
      )}
      {cameras?.length === 0 && (
        <EmptyState icon={Cctv} title={t`No camera yet`} action={add}>
          <Trans>
            Let the network be searched, add one by its address, or take a demo camera to look around.
          </Trans>
        </EmptyState>
      )}
      {cameras && cameras.length > 0 && (
        <ul className={styles.list}>
          {cameras.map((camera) => (
            <li key={camera.id}>
              <CameraRow camera={camera} />
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}

function CameraRow({ camera }: { camera: CameraView }) {
  const words = wordsOfState(camera);
  const { completenessToday } = camera.status;
  const facts = camera.status.streams.find(({ stream }) => stream === 'main');
  const shapes = [
    plural(camera.lines.length, { 0: '', one: '# line', other: '# lines' }),
    plural(camera.zones.length, { 0: '', one: '# zone', other: '# zones' }),
    plural(camera.readers.length, { 0: '', one: '# reader', other: '# readers' }),
  ].filter(Boolean);
  return (
    <Link to={`/cameras/${camera.id}`} className={styles.row}>
      <span className={styles.picture}>
        {camera.status.lastFrameEpochMs !== null && (
          <img
            src={urls.cameraPicture(camera.id, 320)}
            alt=""
            onError={(event) => {
              event.currentTarget.hidden = true;
            }}
          />
        )}
      </span>
      <span className={styles.words}>
        <span className={styles.name}>{camera.name}</span>
        <span className={styles.state} data-hue={words.wrong ? words.hue : undefined}>
          <Dot hue={words.hue} />
          {phraseOfState(words)}
        </span>
      </span>
      <span className={styles.facts}>
        <span>{facts ? `${facts.width} × ${facts.height}, ${formatBitRate(facts.bitsPerSecond)}` : ''}</span>
        <span>{shapes.join(', ') || t`No lines or zones`}</span>
      </span>
      <span className={styles.figure}>
        {completenessToday !== null && (
          <>
            {formatShare(completenessToday)}
            <small>
              <Trans>recorded today</Trans>
            </small>
          </>
        )}
      </span>
    </Link>
  );
}
