/** Detector models: which one finds people and vehicles, what it runs on, and how others come onto this machine. */

import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Download, FileUp, Trash2, X } from 'lucide-react';
import { useRef, useState } from 'react';
import type { ModelDetail, ModelsView } from '../../../shared/contract-health.ts';
import { api } from '../../client/api.ts';
import { BASIC_WORDS } from '../../client/basic-words.ts';
import { formatList } from '../../client/language.ts';
import { useResource } from '../../client/resource.ts';
import { formatBytes } from '../../client/time-format.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import { Select } from '../../ui/Field.tsx';
import { Section } from '../../ui/Page.tsx';
import { ErrorNote, Loading, Note, Skeleton } from '../../ui/States.tsx';
import { showToast } from '../../ui/Toast.tsx';
import { providerWords, stateWords } from './model-words.ts';
import styles from './SettingsPage.module.css';

const POLL_MS = { downloading: 1000, idle: 15_000 };
/** Stands for "the best one that is installed", which the engine calls null. */
const BEST = '';

export function ModelsSection() {
  const [downloading, setDownloading] = useState(false);
  const models = useResource('models', api.models, downloading ? POLL_MS.downloading : POLL_MS.idle);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const running = models.value?.models.some(({ download }) => download?.problem === null) ?? false;
  if (running !== downloading) setDownloading(running);

  /** Does it and shows what has become of it; `done` is said when it went well. */
  async function act(action: () => Promise<ModelsView>, done?: string) {
    setBusy(true);
    setProblem(null);
    try {
      models.put(await action());
      if (done) showToast(done);
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown));
      models.refresh();
    } finally {
      setBusy(false);
    }
  }

  return (
    <Section
      title={t`Models`}
      note={t`What finds people and vehicles in the pictures, on this machine. Recording never depends on it.`}
      actions={<AddModel busy={busy} onAct={act} />}
    >
      {models.error && <ErrorNote onRetry={models.refresh}>{models.error}</ErrorNote>}
      {problem && <ErrorNote>{problem}</ErrorNote>}
      {!models.value && !models.error && (
        <Loading label={t`Loading models`}>
          <Skeleton height={48} />
        </Loading>
      )}
      {models.value && (
        <div className={styles.form}>
          <ModelChoice view={models.value} busy={busy} onAct={act} />
          <ul className={styles.models}>
            {models.value.models.map((model) => (
              <ModelRow
                key={model.name}
                model={model}
                recommended={model.name === models.value?.recommended}
                busy={busy}
                onAct={act}
              />
            ))}
          </ul>
        </div>
      )}
    </Section>
  );
}

type Act = (action: () => Promise<ModelsView>, done?: string) => Promise<void>;

function ModelChoice({ view, busy, onAct }: { view: ModelsView; busy: boolean; onAct: Act }) {
  const installed = view.models.filter((model) => model.installed);
  if (installed.length === 0)
    return (
      <ErrorNote>
        <Trans>People and vehicles are not recognised: download or add a model.</Trans>
      </ErrorNote>
    );
  const title = (name: string) => view.models.find((model) => model.name === name)?.title ?? name;
  return (
    <>
      {view.modelAdvice && (
        <ErrorNote>
          <Trans>People and vehicles are not recognised. {view.modelAdvice}</Trans>
        </ErrorNote>
      )}
      {view.recommended && (
        <Note>
          {BASIC_WORDS} {t`Download ${title(view.recommended)} while the recorder is online.`}
        </Note>
      )}
      <Select
        label={t`In use`}
        value={view.chosen ?? BEST}
        disabled={busy}
        hint={providerWords(view)}
        options={[
          { value: BEST, label: t`The best one that is installed` },
          ...installed.map((model) => ({ value: model.name, label: model.title })),
        ]}
        onValue={(value) =>
          void onAct(
            () => api.chooseModel(value === BEST ? null : value),
            value === BEST ? t`The best installed model is used` : t`${title(value)} is used from now on`,
          )
        }
      />
    </>
  );
}

interface ModelRowProps {
  model: ModelDetail;
  recommended: boolean;
  busy: boolean;
  onAct: Act;
}

function ModelRow({ model, recommended, busy, onAct }: ModelRowProps) {
  const [removing, setRemoving] = useState(false);
  const { name, title, download } = model;
  const trouble = model.problem ?? download?.problem;
  const isRunning = download !== null && download.problem === null;
  const facts = [
    model.licence === 'unknown' ? null : model.licence,
    model.sizeBytes && formatBytes(model.sizeBytes),
  ];
  return (
    <li className={styles.model}>
      <span className={styles.tokenName}>
        {title}
        <small>{facts.filter(Boolean).join(', ')}</small>
      </span>
      <span>
        {model.active ? (
          <Badge hue="accent">
            <Trans>In use</Trans>
          </Badge>
        ) : recommended && !isRunning ? (
          t`Recommended`
        ) : (
          stateWords(model)
        )}
        {isRunning && (
          <progress
            className={styles.progress}
            aria-label={t`Download of ${title}`}
            value={download.totalBytes ? download.receivedBytes / download.totalBytes : undefined}
          />
        )}
      </span>
      <span className={styles.actions}>
        {!model.installed && model.sourceUrl && !isRunning && (
          <Button
            icon={Download}
            tone={recommended ? 'primary' : undefined}
            disabled={busy}
            onClick={() => void onAct(() => api.downloadModel(name))}
          >
            {download ? t`Try again` : t`Download`}
          </Button>
        )}
        {isRunning && (
          <IconButton
            icon={X}
            label={t`Stop the download of ${title}`}
            onClick={() => void onAct(() => api.stopDownload(name))}
          />
        )}
        {model.removable && (
          <IconButton
            icon={Trash2}
            label={t`Remove ${title}`}
            disabled={busy}
            onClick={() => setRemoving(true)}
          />
        )}
      </span>
      {trouble && <p className={styles.trouble}>{trouble}</p>}
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={t`Remove ${title}?`}
        description={
          model.active
            ? t`It is in use: another installed model takes over, or people and vehicles are no longer recognised.`
            : t`Its file is deleted. It can be downloaded or added again.`
        }
        action={t`Remove`}
        onConfirm={() => {
          setRemoving(false);
          void onAct(() => api.removeModel(name), t`Removed ${title}`);
        }}
      />
    </li>
  );
}

/** Adds weights, with or without their card: both may be chosen at once. */
function AddModel({ busy, onAct }: { busy: boolean; onAct: Act }) {
  const input = useRef<HTMLInputElement>(null);
  async function add(files: File[]): Promise<ModelsView> {
    const card = files.find((file) => /\.json$/i.test(file.name));
    const weights = files.find((file) => /\.onnx$/i.test(file.name));
    if (!card && !weights)
      throw new Error(t`Choose an .onnx file, or a model card (.json), or both at once.`);
    const view = card ? await api.addModelCard(await card.text()) : null;
    return weights ? await api.addModelWeights(weights) : view!;
  }
  return (
    <>
      <Button icon={FileUp} busy={busy} onClick={() => input.current?.click()}>
        <Trans>Add from a file</Trans>
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept=".onnx,.json"
        aria-label={t`Model file`}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = '';
          if (files.length > 0)
            void onAct(() => add(files), t`Added ${formatList(files.map(({ name }) => name))}`);
        }}
      />
    </>
  );
}
