/** Sites and their rooms: where cameras are, for people and for the programs that ask. */
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Ellipsis, Plus } from 'lucide-react';
import { useState } from 'react';
import type { RoomView } from '../../../../shared/contract-cameras.ts';
import type { Site } from '../../../../shared/domain-camera.ts';
import { api } from '../../../client/api.ts';
import { useCameras } from '../../../client/cameras-store.ts';
import { placesApi } from '../../../client/places-api.ts';
import { useResource } from '../../../client/resource.ts';
import { Button, IconButton } from '../../../ui/Button.tsx';
import { ConfirmDialog } from '../../../ui/Dialog.tsx';
import { Menu } from '../../../ui/Menu.tsx';
import { Section } from '../../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../../ui/States.tsx';
import { showProblem, showToast } from '../../../ui/Toast.tsx';
import { NameDialog, type NameDialogProps } from './NameDialog.tsx';
import styles from './Places.module.css';

type Asked = Omit<NameDialogProps, 'open' | 'onClose'>;
interface Doomed {
  title: string;
  description: string;
  action: string;
  done: string;
  run: () => Promise<void>;
}

export function SitesSection() {
  const sites = useResource('sites', api.sites);
  const rooms = useResource('rooms', placesApi.rooms);
  const cameras = useCameras((state) => state.cameras) ?? [];
  const [asked, setAsked] = useState<Asked | null>(null);
  const [doomed, setDoomed] = useState<Doomed | null>(null);
  const [busy, setBusy] = useState(false);
  const error = sites.error ?? rooms.error;

  const ask = (question: Asked) =>
    setAsked({
      ...question,
      onName: async (name) => {
        await question.onName(name);
        sites.refresh();
        rooms.refresh();
      },
    });

  async function remove({ run, done }: Doomed) {
    setBusy(true);
    try {
      await run();
      showToast(done);
      sites.refresh();
      rooms.refresh();
      setDoomed(null);
    } catch (thrown) {
      showProblem(thrown);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Section
      title={t`Sites and rooms`}
      note={t`Where cameras are. A camera is put into a site and a room on its own page, under Source.`}
      actions={
        <Button
          icon={Plus}
          onClick={() =>
            ask({
              title: t`New site`,
              label: t`Site name`,
              placeholder: t`Main office`,
              action: t`Add site`,
              onName: async (name) => void (await placesApi.addSite(name)),
            })
          }
        >
          <Trans>New site</Trans>
        </Button>
      }
    >
      {error && (
        <ErrorNote
          onRetry={() => {
            sites.refresh();
            rooms.refresh();
          }}
        >
          {error}
        </ErrorNote>
      )}
      {!error && !(sites.value && rooms.value) && (
        <Loading label={t`Loading sites`}>
          <Skeleton height={48} />
        </Loading>
      )}
      {sites.value?.length === 0 && (
        <p className={styles.quiet}>
          <Trans>None yet. The first one is made with the first camera.</Trans>
        </p>
      )}
      {sites.value && rooms.value && sites.value.length > 0 && (
        <ul className={styles.list}>
          {sites.value.map((site) => (
            <SiteRow
              key={site.id}
              site={site}
              rooms={rooms.value?.filter(({ siteId }) => siteId === site.id) ?? []}
              cameraCount={cameras.filter(({ siteId }) => siteId === site.id).length}
              ask={ask}
              doom={setDoomed}
            />
          ))}
        </ul>
      )}
      <NameDialog open={asked !== null} onClose={() => setAsked(null)} {...(asked ?? NOTHING_ASKED)} />
      <ConfirmDialog
        open={doomed !== null}
        onOpenChange={(open) => !open && setDoomed(null)}
        title={doomed?.title ?? ''}
        description={doomed?.description ?? ''}
        action={doomed?.action ?? ''}
        busy={busy}
        onConfirm={() => doomed && void remove(doomed)}
      />
    </Section>
  );
}

const NOTHING_ASKED: Asked = { title: '', label: '', action: '', onName: async () => {} };

interface SiteRowProps {
  site: Site;
  rooms: RoomView[];
  cameraCount: number;
  ask: (asked: Asked) => void;
  doom: (doomed: Doomed) => void;
}

function SiteRow({ site, rooms, cameraCount, ask, doom }: SiteRowProps) {
  return (
    <li className={styles.site}>
      <div className={styles.row}>
        <span className={styles.name}>
          {site.name}
          <small>
            <Trans>
              {countOf(cameraCount)} · number {site.id}
            </Trans>
          </small>
        </span>
        <Menu
          trigger={<IconButton icon={Ellipsis} label={t`Actions for site ${site.name}`} />}
          groups={[
            [
              {
                label: t`Add room`,
                onSelect: () =>
                  ask({
                    title: t`New room in ${site.name}`,
                    label: t`Room name`,
                    placeholder: t`Hall`,
                    action: t`Add room`,
                    onName: async (name) => void (await placesApi.addRoom(site.id, name)),
                  }),
              },
              {
                label: t`Rename site`,
                onSelect: () =>
                  ask({
                    title: t`Rename ${site.name}`,
                    label: t`Site name`,
                    name: site.name,
                    action: t`Rename`,
                    onName: async (name) => void (await placesApi.renameSite(site.id, name)),
                  }),
              },
            ],
            [
              {
                label: cameraCount > 0 ? t`Delete site (move its cameras first)` : t`Delete site`,
                disabled: cameraCount > 0,
                onSelect: () =>
                  doom({
                    title: t`Delete ${site.name}?`,
                    description: t`Its rooms and its webhooks are deleted with it. No camera is in it.`,
                    action: t`Delete site`,
                    done: t`Deleted ${site.name}`,
                    run: () => placesApi.deleteSite(site.id),
                  }),
              },
            ],
          ]}
        />
      </div>
      {rooms.map((room) => (
        <RoomRow key={room.id} room={room} ask={ask} doom={doom} />
      ))}
    </li>
  );
}

function RoomRow({ room, ask, doom }: { room: RoomView } & Pick<SiteRowProps, 'ask' | 'doom'>) {
  return (
    <div className={`${styles.row} ${styles.room}`}>
      <span className={styles.name}>
        {room.name}
        <small>{countOf(room.cameraIds.length)}</small>
      </span>
      <Menu
        trigger={<IconButton icon={Ellipsis} label={t`Actions for room ${room.name}`} />}
        groups={[
          [
            {
              label: t`Rename room`,
              onSelect: () =>
                ask({
                  title: t`Rename ${room.name}`,
                  label: t`Room name`,
                  name: room.name,
                  action: t`Rename`,
                  onName: async (name) => void (await placesApi.patchRoom(room.id, { name })),
                }),
            },
            {
              label: t`Delete room`,
              onSelect: () =>
                doom({
                  title: t`Delete ${room.name}?`,
                  description: t`Its cameras stay, in no room.`,
                  action: t`Delete room`,
                  done: t`Deleted ${room.name}`,
                  run: () => placesApi.deleteRoom(room.id),
                }),
            },
          ],
        ]}
      />
    </div>
  );
}

function countOf(cameras: number): string {
  if (cameras === 0) return t`No cameras`;
  return plural(cameras, { one: '# camera', other: '# cameras' });
}
