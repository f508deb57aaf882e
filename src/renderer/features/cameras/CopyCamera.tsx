/** Another camera with the settings of this one: lines, zones, recording and analysis, at another address. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { type CameraView, MASKED_PASSWORD } from '../../../shared/contract-cameras.ts';
import { api } from '../../client/api.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { navigate } from '../../client/router.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/Field.tsx';
import { SubmitForm } from '../../ui/SubmitForm.tsx';
import { showToast } from '../../ui/Toast.tsx';
import { hostOfSource, sourceAtHost } from './copy-source.ts';

export function CopyCamera({ camera }: { camera: CameraView }) {
  const [open, setOpen] = useState(false);
  if (!camera.source) return null;
  return (
    <div>
      <Button icon={Copy} onClick={() => setOpen(true)}>
        <Trans>Copy to a new camera…</Trans>
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={t`Copy ${camera.name}`}
        description={t`Lines, zones, hours, recording and analysis are taken over; door readers are not.`}
      >
        <CopyForm camera={camera} source={camera.source} onClose={() => setOpen(false)} />
      </Dialog>
    </div>
  );
}

function CopyForm({
  camera,
  source,
  onClose,
}: {
  camera: CameraView;
  source: NonNullable<CameraView['source']>;
  onClose: () => void;
}) {
  const [name, setName] = useState('');
  const [host, setHost] = useState('');
  const [password, setPassword] = useState('');
  const taken = useCameras(({ cameras }) =>
    cameras?.some((one) => one.name.toLowerCase() === name.trim().toLowerCase()),
  );
  const hasHost = hostOfSource(source.main) !== '';
  const hasPassword = source.main.includes(MASKED_PASSWORD);
  async function copy() {
    const { siteId, recording, analysis, zones, lines } = camera;
    const added = await api.addCamera({
      ...{ name: name.trim(), siteId, recording, analysis, zones, lines },
      source: sourceAtHost(source, host, password),
    });
    useCameras.getState().put(added);
    showToast(t`Added ${added.name}. Look whether its lines fit its picture.`);
    navigate(`/cameras/${added.id}`);
  }
  return (
    <SubmitForm
      action={t`Add camera`}
      disabled={name.trim() === '' || taken === true || (hasHost && !/^[^\s@/]+$/.test(host.trim()))}
      onSubmit={copy}
      onCancel={onClose}
    >
      <TextField
        label={t`Name`}
        value={name}
        autoFocus
        error={taken ? t`Another camera has this name.` : null}
        onChange={(event) => setName(event.target.value)}
      />
      {hasHost && (
        <TextField
          label={t`Host or IP address`}
          value={host}
          placeholder={hostOfSource(source.main)}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setHost(event.target.value)}
        />
      )}
      {hasHost && hasPassword && (
        <TextField
          label={t`Its password`}
          type="password"
          value={password}
          autoComplete="new-password"
          hint={t`A stored password never goes to another host.`}
          onChange={(event) => setPassword(event.target.value)}
        />
      )}
    </SubmitForm>
  );
}
