/** Asks for the title, note and colour of a moment or range; or changes those of a bookmark that is there. */
import { plural, t } from '@lingui/core/macro';
import { useState } from 'react';
import type { Bookmark } from '../../../shared/bookmarks.ts';
import type { EpochRange } from '../../../shared/units.ts';
import { bookmarksApi } from '../../client/bookmarks-api.ts';
import { formatZone } from '../../client/time-format.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextArea, TextField } from '../../ui/Field.tsx';
import { SubmitForm } from '../../ui/SubmitForm.tsx';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import { bookmarkTimes } from './bookmark-words.ts';
import { ColourField } from './ColourField.tsx';

export interface BookmarkDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  cameraIds: readonly string[];
  /** Of no length: a moment. */
  range: EpochRange;
  /** To be changed; absent: a new one is made. */
  bookmark?: Bookmark;
}

export function BookmarkDialog({ open, onOpenChange, cameraIds, range, bookmark }: BookmarkDialogProps) {
  const when = `${bookmarkTimes(range)} ${formatZone(range.startEpochMs)}`;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={bookmark ? t`Change bookmark` : t`New bookmark`}
      description={
        cameraIds.length > 1
          ? plural(cameraIds.length, { one: `${when}, # camera`, other: `${when}, # cameras` })
          : when
      }
    >
      <BookmarkForm
        cameraIds={cameraIds}
        range={range}
        bookmark={bookmark}
        onDone={() => onOpenChange(false)}
      />
    </Dialog>
  );
}

type FormProps = Pick<BookmarkDialogProps, 'cameraIds' | 'range' | 'bookmark'> & { onDone: () => void };

function BookmarkForm({ cameraIds, range, bookmark, onDone }: FormProps) {
  const [title, setTitle] = useState(bookmark?.title ?? '');
  const [note, setNote] = useState(bookmark?.note ?? '');
  const [colour, setColour] = useState(bookmark?.colour ?? 'blue');
  const words = { title: title.trim(), note: note.trim(), colour };

  async function save() {
    if (bookmark) {
      await bookmarksApi.patchBookmark(bookmark.id, words);
      showToast(t`Bookmark changed`);
    } else {
      const { id } = await bookmarksApi.addBookmark({
        ...{ cameraIds: [...cameraIds], ...words },
        startEpochMs: Math.round(range.startEpochMs),
        endEpochMs: Math.round(range.endEpochMs),
      });
      showToast(t`Bookmark made`, { undo: () => void bookmarksApi.removeBookmark(id).catch(showProblem) });
    }
    onDone();
  }

  return (
    <SubmitForm
      action={bookmark ? t`Save` : t`Make bookmark`}
      disabled={words.title === ''}
      onSubmit={save}
      onCancel={onDone}
    >
      <TextField
        label={t`Title`}
        value={title}
        autoFocus
        maxLength={200}
        placeholder={t`Parcel is taken`}
        onChange={(event) => setTitle(event.target.value)}
      />
      <TextArea
        label={t`Note (optional)`}
        value={note}
        rows={3}
        maxLength={2000}
        onChange={(event) => setNote(event.target.value)}
      />
      <ColourField value={colour} onValue={setColour} />
    </SubmitForm>
  );
}
