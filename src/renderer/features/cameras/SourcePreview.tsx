/** What the look at a source found: a picture, the streams' facts, and what should be otherwise. */

import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Camera } from 'lucide-react';
import type { StreamFacts } from '../../../shared/contract-cameras.ts';
import { formatNumber } from '../../client/language.ts';
import { formatBitRate } from '../../client/time-format.ts';
import { Facts } from '../../ui/Facts.tsx';
import { ErrorNote, Skeleton } from '../../ui/States.tsx';
import styles from './AddCameraPage.module.css';
import { keyOf, urlsOf, useAddCamera } from './add-camera-store.ts';
import { FindingList } from './FindingList.tsx';

export function SourcePreview() {
  const state = useAddCamera();
  const { look } = state;
  const check = look.state === 'done' ? look.check : null;
  const urls = urlsOf(state);
  const changed = look.state === 'done' && (urls === null || keyOf(urls) !== look.key);
  const picture = check?.main.picture;
  return (
    <section className={styles.preview} aria-label={t`Check`} aria-live="polite">
      <div className={styles.picture} data-old={changed || undefined}>
        {look.state === 'running' && <Skeleton height="100%" style={{ borderRadius: 0 }} />}
        {picture && <img src={picture} alt={t`What the camera sees now`} />}
        {look.state !== 'running' && !picture && (
          <div className={styles.placeholder}>
            <Camera size={24} strokeWidth={1.5} aria-hidden="true" />
            <span>
              {look.state === 'idle'
                ? t`Check shows the picture here before anything is saved.`
                : t`No picture`}
            </span>
          </div>
        )}
      </div>
      {look.state === 'running' && (
        <p className={styles.note}>
          <Trans>Watching its streams for some key frames. This takes a few seconds.</Trans>
        </p>
      )}
      {look.state === 'failed' && <ErrorNote>{look.message}</ErrorNote>}
      {changed && (
        <p className={styles.note}>
          <Trans>The address has changed since. Check again.</Trans>
        </p>
      )}
      {check && <FindingList findings={check.findings} />}
      {check?.main.facts && <Facts rows={factsOf(check.main.facts, check.sub?.facts ?? null)} />}
    </section>
  );
}

function factsOf(main: StreamFacts, sub: StreamFacts | null): Array<[string, string]> {
  return [
    [t`Picture`, `${main.width} × ${main.height}, ${formatNumber(main.framesPerSecond, { exactly: 1 })} fps`],
    ...(sub ? [[t`Sub stream`, `${sub.width} × ${sub.height}`] as [string, string]] : []),
    [t`Codec`, main.videoCodec.toUpperCase()],
    [t`Data`, formatBitRate(main.bitsPerSecond)],
    [t`Sound`, main.audioCodec?.toUpperCase() ?? t`None`],
  ];
}
