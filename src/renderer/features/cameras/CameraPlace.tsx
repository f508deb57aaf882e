/** Which site and room a camera is in, and whether it is paused. Each change holds at once. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { CameraView, RoomView } from '../../../shared/contract-cameras.ts';
import { api } from '../../client/api.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { placesApi } from '../../client/places-api.ts';
import { useResource } from '../../client/resource.ts';
import { Select, Switch } from '../../ui/Field.tsx';
import { ErrorNote } from '../../ui/States.tsx';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import styles from './Panels.module.css';

const NO_ROOM = 'none';

export function CameraPlace({ camera }: { camera: CameraView }) {
  const sites = useResource('sites', api.sites);
  const rooms = useResource('rooms', placesApi.rooms);
  const [busy, setBusy] = useState(false);
  const here = rooms.value?.filter(({ siteId }) => siteId === camera.siteId) ?? [];
  const room = here.find(({ cameraIds }) => cameraIds.includes(camera.id));
  const error = sites.error ?? rooms.error;

  async function run(done: string, action: () => Promise<unknown>) {
    setBusy(true);
    try {
      await action();
      showToast(done);
      rooms.refresh();
    } catch (thrown) {
      showProblem(thrown);
    } finally {
      setBusy(false);
    }
  }
  const moveTo = (siteId: number) =>
    run(t`Moved`, async () => useCameras.getState().put(await api.patchCamera(camera.id, { siteId })));
  const putInto = (next: RoomView | undefined) =>
    run(t`Saved`, async () => {
      if (next) await placesApi.patchRoom(next.id, { cameraIds: [...next.cameraIds, camera.id] });
      else if (room)
        await placesApi.patchRoom(room.id, { cameraIds: room.cameraIds.filter((id) => id !== camera.id) });
    });
  const setPaused = (paused: boolean) =>
    run(paused ? t`Paused ${camera.name}` : t`${camera.name} goes on`, async () => {
      await placesApi.setPaused(camera.id, paused);
      useCameras.getState().put(await api.camera(camera.id));
    });

  return (
    <section className={styles.place} aria-label={t`Place`}>
      {error && <ErrorNote>{error}</ErrorNote>}
      <Select
        label={t`Site`}
        value={String(camera.siteId)}
        disabled={busy || !sites.value}
        options={(sites.value ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
        onValue={(value) => void moveTo(Number(value))}
      />
      <Select
        label={t`Room`}
        value={room ? String(room.id) : NO_ROOM}
        disabled={busy || !rooms.value}
        hint={here.length === 0 ? t`This site has no rooms. Add them under Settings.` : undefined}
        options={[
          { value: NO_ROOM, label: t`No room` },
          ...here.map(({ id, name }) => ({ value: String(id), label: name })),
        ]}
        onValue={(value) => void putInto(here.find(({ id }) => String(id) === value))}
      />
      <Switch
        label={t`Paused`}
        hint={t`Neither received nor recorded nor analysed, and nobody is told of its events.`}
        checked={camera.status.state === 'paused'}
        disabled={busy}
        onChecked={(paused) => void setPaused(paused)}
      />
    </section>
  );
}
