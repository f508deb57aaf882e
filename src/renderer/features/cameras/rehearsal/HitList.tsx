/** What was found, one by one: the recorded picture, what happened, when, and the way to it in the archive. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { RehearsalHit } from '../../../../shared/rehearsal.ts';
import { urls } from '../../../client/api.ts';
import { eventHue, eventWords } from '../../../client/event-words.ts';
import { Link } from '../../../client/router.tsx';
import { formatTimeSeconds } from '../../../client/time-format.ts';
import { Dot } from '../../../ui/Badge.tsx';
import { Button } from '../../../ui/Button.tsx';
import { archivePath } from '../../archive/archive-queries.ts';
import styles from './Rehearsal.module.css';
import { clipTime } from './rehearsal-words.ts';

const SHOWN_AT_FIRST = 12;
const LEAD_MS = 2000;

export function HitList({
  cameraId,
  hits,
  isVideo,
}: {
  cameraId: string;
  hits: readonly RehearsalHit[];
  isVideo: boolean;
}) {
  const [all, setAll] = useState(false);
  const shown = all ? hits : hits.slice(0, SHOWN_AT_FIRST);
  return (
    <>
      <ul className={styles.hits} aria-label={t`What was found`}>
        {shown.map((hit) => (
          <li
            key={`${hit.type} ${hit.atMs} ${hit.detail.trackId ?? ''} ${hit.detail.line ?? hit.detail.zone ?? ''}`}
          >
            {isVideo ? (
              <span className={styles.hit}>
                <HitWords hit={hit} time={clipTime(hit.atMs)} />
              </span>
            ) : (
              <Link to={archivePath(cameraId, hit.atMs - LEAD_MS)} className={styles.hit}>
                <img
                  src={urls.archiveFrame(cameraId, hit.atMs, 160)}
                  alt=""
                  loading="lazy"
                  width={80}
                  height={45}
                />
                <HitWords hit={hit} time={formatTimeSeconds(hit.atMs)} />
              </Link>
            )}
          </li>
        ))}
      </ul>
      {shown.length < hits.length && (
        <Button tone="quiet" onClick={() => setAll(true)}>
          <Trans>Show all {hits.length}</Trans>
        </Button>
      )}
    </>
  );
}

function HitWords({ hit, time }: { hit: RehearsalHit; time: string }) {
  return (
    <span className={styles.hitWords}>
      <span>{eventWords(hit)}</span>
      <span className={styles.hitTime}>
        <Dot hue={eventHue(hit)} /> {time}
      </span>
    </span>
  );
}
