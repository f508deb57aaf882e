/** What a search for motion found: a wall of pictures that play while they are pointed at, each the way to its time. */
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { X } from 'lucide-react';
import { useState } from 'react';
import type { MotionHit, MotionSearch } from '../../../shared/motion-search.ts';
import { urls } from '../../client/api.ts';
import { useCamera } from '../../client/cameras-store.ts';
import { formatMoment, formatSpan } from '../../client/time-format.ts';
import { IconButton } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/States.tsx';
import { HoverClip } from '../events/HoverClip.tsx';
import { rangeWords } from '../locks/lock-words.ts';
import styles from './MotionSearch.module.css';
import { useMotionSearch } from './motion-search-store.ts';

export function MotionSearchPanel({ onSeek }: { onSeek: (epochMs: number) => void }) {
  const asked = useMotionSearch((state) => state.asked);
  const search = useMotionSearch((state) => state.search);
  const problem = useMotionSearch((state) => state.problem);
  const camera = useCamera(asked?.cameraId ?? '');
  if (!asked) return null;
  return (
    <section className={styles.panel} aria-label={t`Motion found`}>
      <header className={styles.head}>
        <h2>
          <Trans>Motion in this part</Trans>
        </h2>
        <IconButton icon={X} label={t`End the search`} onClick={() => useMotionSearch.getState().close()} />
      </header>
      <p className={styles.range}>
        {camera?.name}, {rangeWords(asked.range)}
      </p>
      {(problem ?? search?.problem) && <ErrorNote>{problem ?? search?.problem}</ErrorNote>}
      {search && <SearchState search={search} />}
      {search && search.hits.length > 0 && (
        <ul className={styles.wall}>
          {search.hits.map((hit) => (
            <HitCard key={hit.startEpochMs} cameraId={asked.cameraId} hit={hit} onSeek={onSeek} />
          ))}
        </ul>
      )}
    </section>
  );
}

function SearchState({ search }: { search: MotionSearch }) {
  const count = search.hits.length;
  const found = plural(count, { one: 'Once', other: '# times' });
  if (search.state === 'running')
    return (
      <div className={styles.state} role="status">
        <progress max={1} value={search.progress} aria-label={t`Search`} />
        {Math.floor(search.progress * 100)} %{count > 0 && `, ${t`${found} so far`}`}
      </div>
    );
  if (search.state === 'failed') return null;
  const words = count === 0 ? t`Nothing moved here in this time, as far as it is recorded.` : found;
  return (
    <p className={styles.state} role="status">
      {search.full
        ? plural(count, {
            one: 'The first time; choose a shorter range for the others',
            other: 'The first # times; choose a shorter range for the others',
          })
        : words}
    </p>
  );
}

function HitCard(props: { cameraId: string; hit: MotionHit; onSeek: (epochMs: number) => void }) {
  const { cameraId, hit, onSeek } = props;
  const [playing, setPlaying] = useState(false);
  const { startEpochMs, endEpochMs } = hit;
  return (
    <li>
      <button
        type="button"
        className={styles.hit}
        onClick={() => onSeek(startEpochMs)}
        onPointerEnter={() => setPlaying(true)}
        onPointerLeave={() => setPlaying(false)}
        onFocus={() => setPlaying(true)}
        onBlur={() => setPlaying(false)}
      >
        <span className={styles.picture}>
          <img
            src={urls.archiveFrame(cameraId, Math.round((startEpochMs + endEpochMs) / 2), 320)}
            alt=""
            loading="lazy"
          />
          {playing && <HoverClip cameraId={cameraId} startEpochMs={startEpochMs} />}
        </span>
        <span className={styles.when}>
          {formatMoment(startEpochMs)} <small>{formatSpan(endEpochMs - startEpochMs)}</small>
        </span>
      </button>
    </li>
  );
}
