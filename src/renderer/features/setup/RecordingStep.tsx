/** Where recordings go: the folder in use, tried for speed and space, or another one that is tried before it is taken. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { FolderCheck } from '../../../shared/onboarding.ts';
import { api } from '../../client/api.ts';
import { onboardingApi } from '../../client/onboarding-api.ts';
import { useResource } from '../../client/resource.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { judgeFolder } from './recording-words.ts';
import styles from './SetupPage.module.css';

/** Of the data folder. */
const OWN_FOLDER = 0;

export function RecordingStep({ onDone }: { onDone: () => void }) {
  const present = useResource('folder-check', (signal) => onboardingApi.checkFolder(null, signal));
  const [other, setOther] = useState<FolderCheck | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const shown = other ?? present.value ?? null;

  async function finish() {
    setBusy(true);
    setProblem(null);
    try {
      if (other) await recordIn(other.path);
      onDone();
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown));
      setBusy(false);
    }
  }

  return (
    <div className={styles.recording}>
      {present.error && !other && <ErrorNote onRetry={present.refresh}>{present.error}</ErrorNote>}
      {!shown && !present.error && (
        <Loading label={t`Trying the disk`}>
          <Skeleton height={96} />
        </Loading>
      )}
      {shown && <Verdict check={shown} />}
      <OtherFolder onTried={setOther} />
      {problem && <ErrorNote>{problem}</ErrorNote>}
      <div className={styles.actions}>
        <Button tone="primary" busy={busy} disabled={!shown} onClick={() => void finish()}>
          {other ? t`Record here` : t`Continue`}
        </Button>
      </div>
    </div>
  );
}

/** Nothing is recorded yet: the folder in the data folder is put out of use at once. */
async function recordIn(path: string): Promise<void> {
  await api.addFolder({ path, role: 'record', afterDays: null, minFreeBytes: null, maxBytes: null });
  await api.removeFolder(OWN_FOLDER);
}

function Verdict({ check }: { check: FolderCheck }) {
  const storage = useResource('storage', api.storage);
  const { tone, speed, space } = judgeFolder(check, storage.value?.minFreeBytes ?? 0);
  const Icon = tone === 'well' ? CircleCheck : TriangleAlert;
  return (
    <div className={styles.verdict} data-tone={tone} role="status">
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
      <span className={styles.path}>{check.path}</span>
      <p>{speed}</p>
      <p>{space}</p>
    </div>
  );
}

function OtherFolder({ onTried }: { onTried: (check: FolderCheck | null) => void }) {
  const [path, setPath] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { desktop } = window;
  async function attempt(wanted: string) {
    setBusy(true);
    setProblem(null);
    try {
      onTried(await onboardingApi.checkFolder(wanted));
    } catch (thrown) {
      onTried(null);
      setProblem(thrown instanceof Error ? thrown.message : String(thrown));
    } finally {
      setBusy(false);
    }
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    if (path.trim() !== '') void attempt(path.trim());
  }
  return (
    <form className={styles.other} onSubmit={submit} aria-label={t`Another folder`}>
      <TextField
        label={t`Or a folder on another disk`}
        value={path}
        placeholder="/mnt/disk1/threshold"
        spellCheck={false}
        error={problem}
        hint={t`32 MB are written and deleted again, to see how fast it is.`}
        onChange={(event) => {
          setPath(event.target.value);
          onTried(null);
        }}
      />
      {desktop && (
        <Button
          onClick={() =>
            void desktop.chooseFolder().then((chosen) => {
              if (chosen === null) return;
              setPath(chosen);
              void attempt(chosen);
            })
          }
        >
          <Trans>Choose…</Trans>
        </Button>
      )}
      <Button type="submit" busy={busy} disabled={path.trim() === ''}>
        <Trans>Try it</Trans>
      </Button>
    </form>
  );
}
