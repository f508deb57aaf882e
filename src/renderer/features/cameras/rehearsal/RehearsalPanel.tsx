/** Tries the lines and zones as they are drawn on what was recorded, or on a video, before they are saved. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { FileVideo, Play, Square } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { CameraView } from '../../../../shared/contract-cameras.ts';
import { Button } from '../../../ui/Button.tsx';
import { Select } from '../../../ui/Field.tsx';
import { ErrorNote } from '../../../ui/States.tsx';
import { useDraft } from '../draft-store.ts';
import panels from '../Panels.module.css';
import { BackfillSection } from './BackfillSection.tsx';
import { HitList } from './HitList.tsx';
import { HitStrip } from './HitStrip.tsx';
import styles from './Rehearsal.module.css';
import { useRehearsal } from './rehearsal-store.ts';
import {
  hitsOfRules,
  isJudgedByReaders,
  progressWords,
  RANGES,
  rangeOf,
  speedWords,
  summaryOf,
} from './rehearsal-words.ts';

/** Rules that are being dragged are tried when the hand rests. */
const REST_MS = 400;

export function RehearsalPanel({ camera }: { camera: CameraView }) {
  const draft = useDraft((state) => state.draft);
  const { rehearsal, video, busy, problem, startRecorded, startVideo, close } = useRehearsal();
  const [minutes, setMinutes] = useState('60');
  const chooser = useRef<HTMLInputElement>(null);
  useFollowing();
  if (!draft) return null;
  const hasRules = draft.lines.length + draft.zones.length > 0;
  const running = rehearsal?.state === 'running';
  const hits = rehearsal ? hitsOfRules(rehearsal) : [];
  return (
    <div className={panels.panel}>
      <p className={panels.note}>
        {hasRules
          ? t`See what these lines and zones would have found. Nothing is stored and nobody is told; change a rule and it is tried again.`
          : t`Draw a line or a zone first. Then see here what it would have found.`}
      </p>
      <div className={styles.choice}>
        <Select label={t`Footage`} value={minutes} options={RANGES} onValue={setMinutes} />
        <Button
          tone="primary"
          icon={Play}
          busy={busy && !video}
          disabled={!hasRules || busy}
          onClick={() => void startRecorded(camera.id, rangeOf(minutes, Date.now()), draft)}
        >
          <Trans>Try out</Trans>
        </Button>
      </div>
      <div>
        <input
          ref={chooser}
          type="file"
          accept="video/*"
          hidden
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = '';
            if (file) void startVideo(camera.id, file, draft);
          }}
        />
        <Button
          tone="quiet"
          icon={FileVideo}
          busy={busy && video !== null}
          disabled={!hasRules || busy}
          onClick={() => chooser.current?.click()}
        >
          <Trans>Try on a video file</Trans>
        </Button>
      </div>
      {problem && <ErrorNote>{problem}</ErrorNote>}
      {rehearsal && rehearsal.state !== 'failed' && (
        <section className={styles.result} aria-label={t`Result`} aria-live="polite">
          <div className={styles.head}>
            <h3>{summaryOf(hits, running)}</h3>
            {running && (
              <Button tone="quiet" icon={Square} onClick={close}>
                <Trans>Stop</Trans>
              </Button>
            )}
          </div>
          <HitStrip rehearsal={rehearsal} hits={hits} isVideo={video !== null} />
          <p className={styles.facts}>
            {running ? progressWords(rehearsal) : speedWords(rehearsal)}
            {video !== null && `, ${video}`}
          </p>
          {video !== null && isJudgedByReaders(draft) && (
            <p className={panels.note}>
              <Trans>
                The readers' reports do not belong to this video: tailgating is judged by how closely people
                follow each other.
              </Trans>
            </p>
          )}
          {rehearsal.problem && (
            <ErrorNote>
              <Trans>Not all of it could be read. {rehearsal.problem}</Trans>
            </ErrorNote>
          )}
          <HitList cameraId={camera.id} hits={hits} isVideo={video !== null} />
        </section>
      )}
      <BackfillSection camera={camera} />
    </div>
  );
}

/** Tries changed rules again, and lets go of the rehearsal with the page. */
function useFollowing() {
  const draft = useDraft((state) => state.draft);
  const tried = useRef(draft);
  const hasRehearsal = useRehearsal((state) => state.rehearsal !== null);
  useEffect(() => {
    if (!draft || !hasRehearsal || sameRules(tried.current, draft)) {
      tried.current = draft;
      return;
    }
    const timer = window.setTimeout(() => {
      tried.current = draft;
      void useRehearsal.getState().follow(draft);
    }, REST_MS);
    return () => window.clearTimeout(timer);
  }, [draft, hasRehearsal]);
  useEffect(() => () => useRehearsal.getState().close(), []);
}

function sameRules(a: ReturnType<typeof useDraft.getState>['draft'], b: typeof a): boolean {
  return (
    a?.lines === b?.lines && a?.zones === b?.zones && a?.analysis === b?.analysis && a?.readers === b?.readers
  );
}
