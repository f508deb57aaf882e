/** Another camera with the settings of this one: lines, zones, recording and analysis, at another address. */
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
        Copy to a new camera…
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Copy ${camera.name}`}
        description="Lines, zones, hours, recording and analysis are taken over; door readers are not."
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
    showToast(`Added ${added.name}. Look whether its lines fit its picture.`);
    navigate(`/cameras/${added.id}`);
  }
  return (
    <SubmitForm
      action="Add camera"
      disabled={name.trim() === '' || taken === true || (hasHost && !/^[^\s@/]+$/.test(host.trim()))}
      onSubmit={copy}
      onCancel={onClose}
    >
      <TextField
        label="Name"
        value={name}
        autoFocus
        error={taken ? 'Another camera has this name.' : null}
        onChange={(event) => setName(event.target.value)}
      />
      {hasHost && (
        <TextField
          label="Host or IP address"
          value={host}
          placeholder={hostOfSource(source.main)}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setHost(event.target.value)}
        />
      )}
      {hasHost && hasPassword && (
        <TextField
          label="Its password"
          type="password"
          value={password}
          autoComplete="new-password"
          hint="A stored password never goes to another host."
          onChange={(event) => setPassword(event.target.value)}
        />
      )}
    </SubmitForm>
  );
}
