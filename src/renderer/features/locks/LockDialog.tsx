/** Asks why and for how long a range of footage is to be kept; or changes that of a lock that is there. */
import { plural, t } from '@lingui/core/macro';
import { useState } from 'react';
import type { LockView } from '../../../shared/contract-archive.ts';
import type { EpochRange } from '../../../shared/units.ts';
import { api } from '../../client/api.ts';
import { formatSpan } from '../../client/time-format.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Select, TextField } from '../../ui/Field.tsx';
import { SubmitForm } from '../../ui/SubmitForm.tsx';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import { addLocks, lockedWords, removeLocks } from './add-locks.ts';
import { expiryOf, KEEP_CHOICES, rangeWords } from './lock-words.ts';

export interface LockDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  cameraIds: readonly string[];
  range: EpochRange;
  /** To be changed; absent: a new one is made per camera. */
  lock?: LockView;
}

export function LockDialog({ open, onOpenChange, cameraIds, range, lock }: LockDialogProps) {
  const words =
    cameraIds.length > 1
      ? plural(cameraIds.length, { one: 'Lock footage of # camera', other: 'Lock footage of # cameras' })
      : t`Lock footage`;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={lock ? t`Change lock` : words}
      description={t`${rangeWords(range)} (${formatSpan(range.endEpochMs - range.startEpochMs)}). Locked footage is not deleted when it is old or the disk is full.`}
    >
      <LockForm cameraIds={cameraIds} range={range} lock={lock} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

type FormProps = Pick<LockDialogProps, 'cameraIds' | 'range' | 'lock'> & { onDone: () => void };

function LockForm({ cameraIds, range, lock, onDone }: FormProps) {
  const [reason, setReason] = useState(lock?.reason ?? '');
  const [keep, setKeep] = useState<string>(lock ? 'same' : 'always');
  const choices = lock ? [{ value: 'same', label: t`As it is` }, ...KEEP_CHOICES] : KEEP_CHOICES;

  return (
    <SubmitForm
      action={lock ? t`Save` : t`Lock`}
      disabled={reason.trim() === ''}
      onSubmit={async () => {
        if (lock) await changeLock(lock, reason.trim(), keep);
        else {
          const wanted = { reason: reason.trim(), expiresEpochMs: expiryOf(keep, Date.now()) };
          const made = await addLocks(cameraIds, range, wanted);
          showToast(lockedWords(made), { undo: () => void removeLocks(made.locks).catch(showProblem) });
        }
        onDone();
      }}
      onCancel={onDone}
    >
      <TextField
        label={t`Reason`}
        value={reason}
        autoFocus
        maxLength={500}
        placeholder={t`For the police, case 2026-114`}
        onChange={(event) => setReason(event.target.value)}
      />
      <Select label={t`Keep`} value={keep} options={choices} onValue={setKeep} />
    </SubmitForm>
  );
}

async function changeLock(lock: LockView, reason: string, keep: string): Promise<void> {
  await api.patchLock(lock.id, {
    reason,
    ...(keep === 'same' ? {} : { expiresEpochMs: expiryOf(keep, Date.now()) }),
  });
  showToast(t`Lock changed`);
}
