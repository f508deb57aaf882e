/** Puts footage, or something that has footage, into a case that is there or a new one; offers to lock the footage. */
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { CaseDetail, CaseItem, CaseView } from '../../../shared/cases.ts';
import type { LocksMade } from '../../../shared/contract-archive.ts';
import { messageOf } from '../../../shared/errors.ts';
import { casesApi } from '../../client/cases-api.ts';
import { navigate } from '../../client/router.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Checkbox, Select, TextField } from '../../ui/Field.tsx';
import { ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { SubmitForm } from '../../ui/SubmitForm.tsx';
import { showToast } from '../../ui/Toast.tsx';
import { bookmarkTimes } from '../bookmarks/bookmark-words.ts';
import { addLocks, lockedWords } from '../locks/add-locks.ts';
import { useCases } from './use-cases.ts';

export type NewCaseItem = Pick<
  CaseItem,
  'kind' | 'sourceId' | 'cameraIds' | 'startEpochMs' | 'endEpochMs' | 'label'
>;

const NEW_CASE = 'new';
/** What is kept around a moment. */
const MOMENT_MS = 10_000;

export interface AddToCaseDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  item: NewCaseItem;
}

export function AddToCaseDialog({ open, onOpenChange, item }: AddToCaseDialogProps) {
  const when = bookmarkTimes(item);
  const what =
    item.cameraIds.length > 1
      ? plural(item.cameraIds.length, { one: `${when}, # camera`, other: `${when}, # cameras` })
      : when;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t`Add to case`}
      description={item.label === '' ? what : `${item.label}: ${what}`}
    >
      <CasesLoaded item={item} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function CasesLoaded({ item, onDone }: { item: NewCaseItem; onDone: () => void }) {
  const { value, error, refresh } = useCases('open');
  if (error)
    return (
      <ErrorNote onRetry={refresh}>
        <Trans>The cases cannot be shown. {error}</Trans>
      </ErrorNote>
    );
  if (!value)
    return (
      <Loading label={t`Loading cases`}>
        <Skeleton height={120} />
      </Loading>
    );
  return <CaseForm item={item} cases={value} onDone={onDone} />;
}

function CaseForm(props: { item: NewCaseItem; cases: readonly CaseView[]; onDone: () => void }) {
  const { item, cases, onDone } = props;
  const [caseId, setCaseId] = useState(cases[0]?.id ?? NEW_CASE);
  const [title, setTitle] = useState('');
  const [reference, setReference] = useState('');
  const isLocked = item.kind === 'lock';
  const [keep, setKeep] = useState(!isLocked);
  const isNew = caseId === NEW_CASE;

  async function add() {
    const id = isNew
      ? (await casesApi.addCase({ title: title.trim(), reference: reference.trim() })).id
      : caseId;
    const one = await casesApi.addCaseItem(id, {
      ...item,
      startEpochMs: Math.floor(item.startEpochMs),
      endEpochMs: Math.ceil(item.endEpochMs),
    });
    // What is in the case stays there even where a lock is refused, e.g. because locks hold too much.
    const action = { label: t`Show case`, run: () => navigate(`/cases/${id}`) };
    try {
      const locked = keep ? lockedWords(await lockFor(one, item)) : null;
      showToast(locked ? t`Added to “${one.title}”. ${locked}` : t`Added to “${one.title}”`, { action });
    } catch (thrown) {
      showToast(t`Added to “${one.title}”, but its footage is not locked. ${messageOf(thrown)}`, {
        ...{ action, tone: 'problem' },
      });
    }
    onDone();
  }

  return (
    <SubmitForm
      action={t`Add to case`}
      disabled={isNew && title.trim() === ''}
      onSubmit={add}
      onCancel={onDone}
    >
      <Select
        label={t`Case`}
        value={caseId}
        onValue={setCaseId}
        options={[
          ...cases.map((one) => ({
            value: one.id,
            label: [one.reference, one.title].filter(Boolean).join(' '),
          })),
          { value: NEW_CASE, label: t`New case` },
        ]}
      />
      {isNew && (
        <>
          <TextField
            label={t`Title`}
            value={title}
            autoFocus
            maxLength={200}
            placeholder={t`Stolen bicycle`}
            onChange={(event) => setTitle(event.target.value)}
          />
          <TextField
            label={t`Reference number (optional)`}
            value={reference}
            maxLength={100}
            placeholder="2026-114"
            onChange={(event) => setReference(event.target.value)}
          />
        </>
      )}
      {!isLocked && (
        <Checkbox
          label={t`Lock this footage`}
          hint={t`It is then not deleted when it is old or the disk is full.`}
          checked={keep}
          onChecked={setKeep}
        />
      )}
    </SubmitForm>
  );
}

function lockFor({ reference, title }: CaseDetail, item: NewCaseItem): Promise<LocksMade> {
  const reason = t`Case: ${[reference, title].filter(Boolean).join(' ')}`;
  return addLocks(item.cameraIds, spanOf(item), { reason, expiresEpochMs: null });
}

function spanOf({ startEpochMs, endEpochMs }: NewCaseItem) {
  if (endEpochMs > startEpochMs) return { startEpochMs, endEpochMs };
  return { startEpochMs: startEpochMs - MOMENT_MS, endEpochMs: endEpochMs + MOMENT_MS };
}
