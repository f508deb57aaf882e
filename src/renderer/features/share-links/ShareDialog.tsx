/** Makes a link to the events of some cameras and times, for somebody without an account. The link is shown this once. */
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { EpochRange } from '../../../shared/units.ts';
import { shareLinksApi } from '../../client/share-links-api.ts';
import { Button } from '../../ui/Button.tsx';
import { CopyField } from '../../ui/CopyField.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/Field.tsx';
import { SubmitForm } from '../../ui/SubmitForm.tsx';
import { rangeWords } from '../locks/lock-words.ts';

export interface ShareDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  cameraIds: readonly string[];
  range: EpochRange;
}

export function ShareDialog({ open, onOpenChange, cameraIds, range }: ShareDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={
        cameraIds.length > 1
          ? plural(cameraIds.length, { one: 'Share events of # camera', other: 'Share events of # cameras' })
          : t`Share events`
      }
      description={t`${rangeWords(range)}. Whoever has the link sees the events of this time with their pictures and videos, without an account, until the link is removed under Cases, Shared links.`}
    >
      <ShareForm cameraIds={cameraIds} range={range} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function ShareForm(props: Pick<ShareDialogProps, 'cameraIds' | 'range'> & { onDone: () => void }) {
  const { cameraIds, range, onDone } = props;
  const [name, setName] = useState('');
  const [address, setAddress] = useState<string | null>(null);
  if (address !== null)
    return (
      <>
        <CopyField label={t`The link, shown this once`} value={address} />
        <Button tone="primary" onClick={onDone}>
          <Trans>Done</Trans>
        </Button>
      </>
    );
  return (
    <SubmitForm
      action={t`Make link`}
      disabled={name.trim() === ''}
      onSubmit={async () => {
        const { path } = await shareLinksApi.addShareLink({
          ...{ name: name.trim(), cameraIds: [...cameraIds] },
          startEpochMs: Math.floor(range.startEpochMs),
          endEpochMs: Math.ceil(range.endEpochMs),
        });
        setAddress(`${location.origin}${path}`);
      }}
      onCancel={onDone}
    >
      <TextField
        label={t`Name`}
        hint={t`Whoever opens the link sees it.`}
        value={name}
        autoFocus
        maxLength={200}
        placeholder={t`For the neighbour`}
        onChange={(event) => setName(event.target.value)}
      />
    </SubmitForm>
  );
}
