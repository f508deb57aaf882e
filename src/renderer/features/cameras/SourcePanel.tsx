/** Where the pictures come from, what the streams are, and how to take the camera out. */

import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { CameraView, StreamFacts } from '../../../shared/contract-cameras.ts';
import { api } from '../../client/api.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { formatNumber } from '../../client/language.ts';
import { navigate } from '../../client/router.tsx';
import {
  formatBitRate,
  formatBytes,
  formatDay,
  formatDayInSentence,
  formatShare,
  formatSince,
  formatSpan,
} from '../../client/time-format.ts';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Select, TextField } from '../../ui/Field.tsx';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import { rangeWords } from '../locks/lock-words.ts';
import { useLocks } from '../locks/use-locks.ts';
import { CameraPlace } from './CameraPlace.tsx';
import { CopyCamera } from './CopyCamera.tsx';
import { useDraft } from './draft-store.ts';
import styles from './Panels.module.css';

export function SourcePanel({ camera, problems }: { camera: CameraView; problems: Record<string, string> }) {
  const { draft, change } = useDraft();
  if (!draft) return null;
  const source = draft.source ?? { main: '', sub: '', transport: 'tcp' as const };
  const put = (part: Partial<typeof source>) => change({ source: { ...source, ...part } });
  return (
    <div className={styles.panel}>
      <TextField
        label={t`Camera name`}
        value={draft.name}
        error={problems.name}
        onChange={(event) => change({ name: event.target.value })}
      />
      <TextField
        label={t`Address of the main stream`}
        value={source.main}
        spellCheck={false}
        error={problems['source.main'] ?? problems.source}
        hint={t`The stored password stays as long as the dots stand in its place.`}
        onChange={(event) => put({ main: event.target.value })}
      />
      <TextField
        label={t`Address of the sub stream, if any`}
        value={source.sub}
        spellCheck={false}
        error={problems['source.sub']}
        hint={t`A smaller picture for the grid and for analysis; spares this machine.`}
        onChange={(event) => put({ sub: event.target.value })}
      />
      <Select
        label={t`Transport`}
        value={source.transport}
        options={[
          { value: 'tcp', label: t`TCP, safe` },
          { value: 'udp', label: t`UDP, for cameras that need it` },
        ]}
        onValue={(value) => put({ transport: value === 'udp' ? 'udp' : 'tcp' })}
      />
      {camera.status.streams.map((facts) => (
        <StreamTable key={facts.stream} facts={facts} />
      ))}
      <section className={styles.readers} aria-label={t`Recording today`}>
        <h3>
          <Trans>This camera</Trans>
        </h3>
        <Facts
          rows={[
            [
              t`State`,
              camera.status.state === 'online'
                ? t`Connected since ${formatSince(camera.status.sinceEpochMs)}`
                : t`Not connected since ${formatSince(camera.status.sinceEpochMs)}`,
            ],
            [
              t`Recorded today`,
              camera.status.completenessToday === null
                ? t`Not known yet`
                : formatShare(camera.status.completenessToday),
            ],
            [t`Added`, formatDay(camera.createdEpochMs)],
          ]}
        />
      </section>
      <CameraPlace camera={camera} />
      <CopyCamera camera={camera} />
      <DeleteCamera camera={camera} />
    </div>
  );
}

function StreamTable({ facts }: { facts: StreamFacts }) {
  const title = facts.stream === 'main' ? t`Main stream` : t`Sub stream`;
  return (
    <section className={styles.readers} aria-label={title}>
      <h3>{title}</h3>
      <Facts
        rows={[
          [
            t`Picture`,
            `${facts.width} × ${facts.height}, ${formatNumber(facts.framesPerSecond, { exactly: 1 })} fps`,
          ],
          [t`Codec`, `${facts.videoCodec.toUpperCase()} (${facts.codecString})`],
          [t`Data`, formatBitRate(facts.bitsPerSecond)],
          [
            t`Key frames`,
            facts.keyframeIntervalSeconds === null
              ? t`Not known yet`
              : t`Every ${formatNumber(facts.keyframeIntervalSeconds, { exactly: 1 })} s`,
          ],
          [t`Sound`, facts.audioCodec?.toUpperCase() ?? t`None`],
          ...networkRows(facts),
          ...facts.reports
            .slice(0, MOST_REPORTS)
            .map(({ what, value, sinceEpochMs }): [string, string] => [
              what,
              t`${value} since ${formatSince(sinceEpochMs)}, says the camera`,
            ]),
        ]}
      />
      {facts.note && <p className={styles.note}>{facts.note}</p>}
    </section>
  );
}

const MOST_REPORTS = 6;

function networkRows({ network }: StreamFacts): Array<[string, string]> {
  if (!network) return [];
  const { packetsReceived, packetsLost, jitterMs, clockAheadMs } = network;
  const lost =
    packetsLost === 0
      ? t`Nothing lost`
      : t`${((packetsLost / (packetsLost + packetsReceived)) * 100).toPrecision(2)} % lost`;
  return [
    [t`Network`, t`${lost}, jitter ${formatNumber(jitterMs, { exactly: 1 })} ms`],
    [t`Camera’s clock`, clockAheadMs === null ? t`Not told by the camera` : clockWords(clockAheadMs)],
  ];
}

/** The way of a report takes some of it: less than this is no difference. */
const SAME_CLOCK_MS = 500;

function clockWords(aheadMs: number): string {
  if (Math.abs(aheadMs) < SAME_CLOCK_MS) return t`As this computer’s`;
  const span = formatSpan(Math.abs(aheadMs));
  return aheadMs > 0 ? t`${span} ahead` : t`${span} behind`;
}

function DeleteCamera({ camera }: { camera: CameraView }) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const locks = useLocks(camera.id, open);
  const locked = locks.value ?? [];
  async function release() {
    setBusy(true);
    try {
      for (const { id } of locked) await api.removeLock(id);
      locks.refresh();
    } catch (thrown) {
      showProblem(thrown);
    }
    setBusy(false);
  }
  async function remove() {
    setBusy(true);
    try {
      await api.deleteCamera(camera.id);
      useDraft.getState().close();
      useCameras.getState().forget(camera.id);
      showToast(t`Deleted ${camera.name}`);
      navigate('/cameras', { replace: true });
    } catch (thrown) {
      showProblem(thrown);
      setBusy(false);
    }
  }
  return (
    <div className={styles.danger}>
      <Button tone="danger" icon={Trash2} onClick={() => setOpen(true)}>
        <Trans>Delete camera</Trans>
      </Button>
      <ConfirmDialog
        open={open && locked.length > 0}
        onOpenChange={setOpen}
        title={t`${camera.name} has locked footage`}
        description={
          <>
            <Trans>It cannot be deleted while some of its footage is locked:</Trans>
            {locked.slice(0, 5).map((lock) => (
              <span key={lock.id} className={styles.lockedRange}>
                {lock.reason}: {rangeWords(lock)}, {formatBytes(lock.sizeBytes)}
              </span>
            ))}
            {locked.length > 5 && (
              <span className={styles.lockedRange}>
                <Trans>and {locked.length - 5} more</Trans>
              </span>
            )}
          </>
        }
        action={
          locked.length === 1
            ? t`Remove the lock`
            : plural(locked.length, { one: 'Remove # lock', other: 'Remove # locks' })
        }
        loss
        busy={busy}
        onConfirm={() => void release()}
      />
      <ConfirmDialog
        open={open && locks.value?.length === 0}
        onOpenChange={setOpen}
        title={t`Delete ${camera.name}?`}
        description={t`Everything recorded by ${camera.name} since ${formatDayInSentence(camera.createdEpochMs)} is deleted with it, and its lines, zones and events. This cannot be undone. To keep the footage, switch its recording off instead, or export what you need first.`}
        action={t`Delete camera and recordings`}
        loss
        busy={busy}
        onConfirm={() => void remove()}
      />
    </div>
  );
}
