/** One found device: its picture as soon as there is one, its name, and what is wrong with it. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Camera, RotateCw } from 'lucide-react';
import type { FoundDevice } from '../../../../shared/onboarding.ts';
import { Link } from '../../../client/router.tsx';
import { Button } from '../../../ui/Button.tsx';
import { Checkbox, TextField } from '../../../ui/Field.tsx';
import { Skeleton } from '../../../ui/States.tsx';
import { FindingList } from '../FindingList.tsx';
import { placeOf, streamsWords, titleOf } from './device-words.ts';
import styles from './FindCameras.module.css';
import { type DeviceCheck, useFind } from './find-store.ts';

export function DeviceRow({ device, name }: { device: FoundDevice; name: string }) {
  const check = useFind((state) => state.checks[device.id]);
  const wanted = useFind((state) => !state.unwanted.has(device.id));
  const { want, rename } = useFind.getState();
  const isNew = device.cameraName === null;
  const isReady = device.state === 'ready' && isNew;
  return (
    <article className={styles.device} aria-label={titleOf(device)} data-off={!wanted || !isNew || undefined}>
      <Picture device={device} check={check} />
      <div className={styles.words}>
        {isReady && wanted ? (
          <TextField
            label={t`Name of ${titleOf(device)}`}
            hideLabel
            value={name}
            error={name.trim() === '' ? t`It needs a name.` : null}
            onChange={(event) => rename(device.id, event.target.value)}
          />
        ) : (
          <h3>{titleOf(device)}</h3>
        )}
        <p className={styles.note}>{placeOf(device)}</p>
        <State device={device} check={check} />
      </div>
      {device.onvif && isNew && (
        <Checkbox
          label={isReady ? t`Add` : t`Sign in`}
          checked={wanted}
          onChecked={(checked) => want(device.id, checked)}
        />
      )}
    </article>
  );
}

function Picture({ device, check }: { device: FoundDevice; check: DeviceCheck | undefined }) {
  const picture = check?.state === 'done' ? check.check.main.picture : null;
  const isComing = check?.state === 'waiting' || check?.state === 'running';
  return (
    <div className={styles.picture}>
      {picture && <img src={picture} alt={t`What ${titleOf(device)} sees now`} />}
      {!picture && isComing && <Skeleton height="100%" style={{ borderRadius: 0 }} />}
      {!picture && !isComing && <Camera size={20} strokeWidth={1.5} aria-hidden="true" />}
    </div>
  );
}

function State({ device, check }: { device: FoundDevice; check: DeviceCheck | undefined }) {
  const { cameraName, problem, streams, onvif, host } = device;
  if (cameraName !== null)
    return (
      <p className={styles.note}>
        <Trans>Added already as {cameraName}</Trans>
      </p>
    );
  if (problem !== null && onvif) return <p className={styles.problem}>{problem}</p>;
  if (!onvif)
    return (
      <p className={styles.note}>
        <Trans>
          Sends RTSP but speaks no ONVIF.{' '}
          <Link to={`/cameras/new?host=${encodeURIComponent(host)}`}>Choose its maker</Link>
        </Trans>
      </p>
    );
  return (
    <>
      {streams && <p className={styles.note}>{streamsWords(streams)}</p>}
      {check?.state === 'failed' && <p className={styles.problem}>{check.message}</p>}
      {check?.state === 'done' && <FindingList findings={check.check.findings} />}
      {(check?.state === 'failed' || (check?.state === 'done' && check.check.findings.length > 0)) && (
        <Button
          tone="quiet"
          icon={RotateCw}
          className={styles.again}
          onClick={() => useFind.getState().lookAgain(device.id)}
        >
          <Trans>Look again</Trans>
        </Button>
      )}
    </>
  );
}
