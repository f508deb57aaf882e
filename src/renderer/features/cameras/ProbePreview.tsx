/** What the check of a source found: a picture and the stream's facts, or what is wrong and what to do. */
import { Camera } from 'lucide-react';
import { formatBitRate } from '../../client/time-format.ts';
import { Facts } from '../../ui/Facts.tsx';
import { ErrorNote, Skeleton } from '../../ui/States.tsx';
import styles from './AddCameraPage.module.css';
import { urlsOf, useAddCamera } from './add-camera-store.ts';

export function ProbePreview() {
  const state = useAddCamera();
  const { probe } = state;
  const result = probe.state === 'done' ? probe.result : null;
  const changed = probe.state === 'done' && urlsOf(state)?.main !== probe.url;
  return (
    <section className={styles.preview} aria-label="Check" aria-live="polite">
      <div className={styles.picture} data-old={changed || undefined}>
        {probe.state === 'running' && <Skeleton height="100%" style={{ borderRadius: 0 }} />}
        {result?.picture && <img src={result.picture} alt="What the camera sees now" />}
        {probe.state !== 'running' && !result?.picture && (
          <div className={styles.placeholder}>
            <Camera size={24} strokeWidth={1.5} aria-hidden="true" />
            <span>
              {probe.state === 'idle'
                ? 'Check shows the picture here before anything is saved.'
                : 'No picture'}
            </span>
          </div>
        )}
      </div>
      {probe.state === 'running' && (
        <p className={styles.note}>Asking the camera. This takes a few seconds.</p>
      )}
      {probe.state === 'failed' && <ErrorNote>{probe.message}</ErrorNote>}
      {result && !result.ok && (
        <ErrorNote>
          {result.problem ?? 'The camera sent nothing that can be recorded'}
          {result.advice ? `. ${result.advice}` : ''}
        </ErrorNote>
      )}
      {changed && <p className={styles.note}>The address has changed since. Check again.</p>}
      {result?.ok && result.facts && (
        <Facts
          rows={[
            [
              'Picture',
              `${result.facts.width} × ${result.facts.height}, ${result.facts.framesPerSecond.toFixed(1)} fps`,
            ],
            ['Codec', result.facts.videoCodec.toUpperCase()],
            ['Data', formatBitRate(result.facts.bitsPerSecond)],
            ['Sound', result.facts.audioCodec?.toUpperCase() ?? 'None'],
          ]}
        />
      )}
    </section>
  );
}
