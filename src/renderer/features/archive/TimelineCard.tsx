/** What stands above the pointer on the timeline: the picture of that moment, its time, and the event or the reason of a gap. */
import { Trans } from '@lingui/react/macro';
import { Fragment, useEffect, useRef, useState } from 'react';
import type { CameraView } from '../../../shared/contract-cameras.ts';
import { urls } from '../../client/api.ts';
import { formatMoment, formatTimeSeconds, formatZone } from '../../client/time-format.ts';
import { bookmarkTimes } from '../bookmarks/bookmark-words.ts';
import { keptWords } from '../locks/lock-words.ts';
import { causeWords, gapTimes } from './gap-words.ts';
import { markWords, uploadWords } from './mark-words.ts';
import styles from './Timeline.module.css';
import type { HoverPoint } from './Timeline.tsx';
import { FramePreview } from './timeline/frame-preview.ts';
import { type Hit, momentOf } from './timeline/hit.ts';
import { unseenMs } from './timeline/scale.ts';

const CARD_WIDTH_PX = 240;
/** Pictures are so far apart. */
const PICTURE_STEP_MS = 500;

export function TimelineCard(props: {
  hover: HoverPoint;
  cameras: readonly CameraView[];
  /** Where the lanes are in the window. */
  box: DOMRect | null;
}) {
  const { hover, cameras, box } = props;
  const { hit, msPerPixel } = hover;
  if (hit.kind === 'handle') return null;
  const epochMs = momentOf(hit, hit.epochMs);
  if (epochMs > Date.now() || !box) return null;
  const camera = 'lane' in hit ? cameras[hit.lane] : cameras[0];
  const picture = camera && pictureAddress(hit, camera.id, epochMs, msPerPixel);
  const left =
    box.left + Math.min(Math.max(hover.x - CARD_WIDTH_PX / 2, 4), Math.max(4, box.width - CARD_WIDTH_PX - 4));
  const bottom = window.innerHeight - box.top + 6;
  return (
    <div className={styles.card} style={{ left, bottom }} role="presentation">
      {picture && <Preview src={picture} />}
      <div className={styles.cardWords}>
        <span className={styles.cardTime}>
          {formatMoment(epochMs)} <span className={styles.cardZone}>{formatZone(epochMs)}</span>
        </span>
        {hit.kind === 'mark' && <span>{markWords(hit.mark)}</span>}
        {hit.kind === 'bookmark' && (
          <>
            <span className={styles.cardTitle}>{hit.bookmark.title}</span>
            {hit.bookmark.note !== '' && <span>{hit.bookmark.note}</span>}
            <span className={styles.cardDetail}>{bookmarkTimes(hit.bookmark)}</span>
          </>
        )}
        {hit.kind === 'upload' && <span>{uploadWords(hit.upload)}</span>}
        {hit.kind === 'gap' && (
          <>
            <span className={styles.cardCause}>{causeWords(hit.hole.gap)}</span>
            <span>{gapTimes(hit.hole.gap ?? hit.hole, formatTimeSeconds)}</span>
            {hit.hole.gap?.detail && <span className={styles.cardDetail}>{hit.hole.gap.detail}</span>}
          </>
        )}
        {hit.kind === 'recorded' &&
          hit.pictureAlerts.map((alert) => (
            <Fragment key={alert.id}>
              <span className={styles.cardCause}>{alert.words}</span>
              <span>{gapTimes(alert, formatTimeSeconds)}</span>
            </Fragment>
          ))}
        {hit.kind === 'recorded' &&
          hit.locks.map((lock) => (
            <span key={lock.id}>
              {lock.reason}
              <span className={styles.cardDetail}> {keptWords(lock)}</span>
            </span>
          ))}
        {hit.kind === 'nothing' && (
          <span className={styles.cardDetail}>
            <Trans>Nothing recorded</Trans>
          </span>
        )}
      </div>
    </div>
  );
}

function pictureAddress(hit: Hit, cameraId: string, epochMs: number, msPerPixel: number): string | null {
  if (hit.kind === 'upload') return urls.uploadPicture(hit.upload.id, 320);
  if (hit.kind !== 'recorded' && hit.kind !== 'mark' && hit.kind !== 'bookmark') return null;
  const at = Math.floor(epochMs / PICTURE_STEP_MS) * PICTURE_STEP_MS;
  return urls.archiveFrame(cameraId, at, 320, Math.max(PICTURE_STEP_MS, unseenMs(msPerPixel)));
}

/** The last picture stays until the next is there: no flicker while the pointer moves. */
function Preview({ src }: { src: string }) {
  const [shown, setShown] = useState<string | null>(null);
  const preview = useRef<FramePreview | null>(null);
  useEffect(() => {
    const made = new FramePreview(setShown);
    preview.current = made;
    return () => made.stop();
  }, []);
  useEffect(() => {
    preview.current?.ask(src);
  }, [src]);
  return <div className={styles.cardPicture}>{shown && <img src={shown} alt="" />}</div>;
}
