/** Adding a camera: its address, a look at its picture before anything is saved, and a name. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { type FormEvent, useEffect, useState } from 'react';
import { api } from '../../client/api.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { Link, navigate, usePlace } from '../../client/router.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Page } from '../../ui/Page.tsx';
import { ErrorNote } from '../../ui/States.tsx';
import { Segments } from '../../ui/Tabs.tsx';
import { showToast } from '../../ui/Toast.tsx';
import styles from './AddCameraPage.module.css';
import { AddressFields } from './AddressFields.tsx';
import { keyOf, nameOf, urlsOf, useAddCamera, type Way } from './add-camera-store.ts';
import { SourcePreview } from './SourcePreview.tsx';

const WAYS = [
  { value: 'maker', label: t`By maker` },
  { value: 'url', label: t`Full address` },
  { value: 'demo', label: t`Demo camera` },
] as const;

export function AddCameraPage() {
  const state = useAddCamera();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const cameras = useCameras((all) => all.cameras);
  /** A device that was found, but speaks no ONVIF. */
  const host = usePlace().query.get('host');
  useEffect(() => {
    if (host) useAddCamera.getState().setParts({ host });
    return () => useAddCamera.getState().reset();
  }, [host]);

  const urls = urlsOf(state);
  const name = nameOf(state);
  const taken = cameras?.some((camera) => camera.name.toLowerCase() === name.trim().toLowerCase());

  const { look } = state;
  const isOfThese = look.state === 'done' && urls !== null && look.key === keyOf(urls);
  const known = isOfThese ? (look.check.main.ok ? 'well' : 'badly') : null;
  // A demo camera needs no check.
  const checked = state.way === 'demo' ? 'well' : known;

  async function save(event: FormEvent) {
    event.preventDefault();
    if (!urls || name.trim() === '' || taken) return;
    setBusy(true);
    setProblem(null);
    try {
      const camera = await api.addCamera({
        name: name.trim(),
        source: { main: urls.main, transport: state.transport, ...(urls.sub ? { sub: urls.sub } : {}) },
      });
      useCameras.getState().put(camera);
      showToast(t`Added ${camera.name}. Recording begins with its first picture.`);
      navigate(`/cameras/${camera.id}`, { replace: true });
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown));
      setBusy(false);
    }
  }

  return (
    <Page
      title={t`Add camera`}
      width="read"
      parent={{ to: '/cameras', label: t`Cameras` }}
      actions={
        <Link to="/cameras/find">
          <Trans>Find cameras in the network</Trans>
        </Link>
      }
    >
      <form className={styles.columns} onSubmit={(event) => void save(event)} aria-label={t`Add camera`}>
        <div className={styles.fields}>
          <Segments
            label={t`How to find the camera`}
            value={state.way}
            options={WAYS}
            onValue={(value) =>
              state.set({
                way: WAYS.find((one) => one.value === value)?.value ?? ('maker' satisfies Way),
                look: { state: 'idle' },
              })
            }
          />
          <AddressFields />
          <TextField
            label={t`Name`}
            value={name}
            placeholder={t`Front door`}
            error={taken ? t`Another camera has this name.` : null}
            hint={t`Where it looks: ‘Front door’, ‘Car park’.`}
            onChange={(event) => state.set({ name: event.target.value })}
          />
          {problem && <ErrorNote>{problem}</ErrorNote>}
          <div className={styles.actions}>
            <Button
              tone={checked === 'well' ? 'plain' : 'primary'}
              disabled={!urls || state.look.state === 'running'}
              onClick={() => void state.check()}
            >
              <Trans>Check</Trans>
            </Button>
            <Button
              type="submit"
              tone={checked === 'well' ? 'primary' : 'plain'}
              busy={busy}
              disabled={!urls || name.trim() === '' || taken}
            >
              {checked === 'badly' ? t`Save anyway` : t`Save camera`}
            </Button>
          </div>
        </div>
        <SourcePreview />
      </form>
    </Page>
  );
}
