/** Asks where events of which cameras are to be sent. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { CameraView, CamlyticsWebhookView } from '../../../../shared/contract-cameras.ts';
import type { Site } from '../../../../shared/domain-camera.ts';
import { placesApi } from '../../../client/places-api.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Select, TextField } from '../../../ui/Field.tsx';
import { SubmitForm } from '../../../ui/SubmitForm.tsx';

export interface NewWebhookDialogProps {
  open: boolean;
  onClose: () => void;
  sites: readonly Site[];
  cameras: ReadonlyArray<Pick<CameraView, 'id' | 'name'>>;
  onCreated: (webhooks: CamlyticsWebhookView[]) => void;
}

export function NewWebhookDialog({ open, onClose, ...rest }: NewWebhookDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t`New webhook`}
      description={t`Each event is sent as a POST; without an answer it is tried again after 1, 5 and 25 s.`}
    >
      {open && <WebhookForm {...rest} onClose={onClose} />}
    </Dialog>
  );
}

function WebhookForm({ sites, cameras, onCreated, onClose }: Omit<NewWebhookDialogProps, 'open'>) {
  const places = [
    ...sites.map(({ id, name }) => ({ value: `site ${id}`, label: t`All cameras of ${name}` })),
    ...cameras.map(({ id, name }) => ({ value: `camera ${id}`, label: name })),
  ];
  const [url, setUrl] = useState('');
  const [place, setPlace] = useState(places[0]?.value ?? '');
  const [kind, id] = place.split(' ');

  return (
    <SubmitForm
      action={t`Add webhook`}
      disabled={!/^https?:\/\/./i.test(url.trim()) || place === ''}
      onSubmit={async () => {
        onCreated(
          await placesApi.addCamlyticsWebhook({
            url: url.trim(),
            ...(kind === 'site' ? { siteId: Number(id) } : { cameraId: id! }),
          }),
        );
        onClose();
      }}
      onCancel={onClose}
    >
      <TextField
        label={t`Address`}
        type="url"
        value={url}
        autoFocus
        placeholder="https://example.com/events"
        onChange={(event) => setUrl(event.target.value)}
      />
      <Select label={t`Events of`} value={place} options={places} onValue={setPlace} />
    </SubmitForm>
  );
}
