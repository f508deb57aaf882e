/** The recording folders: what each is for, how it is, and what is in it; with its change and its removal. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { StorageView, VolumeView } from '../../../shared/contract-health.ts';
import { api } from '../../client/api.ts';
import { formatBytes } from '../../client/time-format.ts';
import { Dot } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import { FolderDialog } from './FolderDialog.tsx';
import styles from './FoldersList.module.css';
import { roleWords, spaceWords, speedWords, stateWords } from './folder-words.ts';
import { GiveUpFolder } from './GiveUpFolder.tsx';

export interface FoldersListProps {
  folders: readonly VolumeView[];
  onChanged: (storage: StorageView) => void;
}

export function FoldersList({ folders, onChanged }: FoldersListProps) {
  const [adding, setAdding] = useState(false);
  return (
    <section className={styles.folders} aria-label={t`Folders`}>
      <header className={styles.head}>
        <h3>
          <Trans>Folders</Trans>
        </h3>
        <Button onClick={() => setAdding(true)}>
          <Trans>Add folder</Trans>
        </Button>
      </header>
      <ul>
        {folders.map((folder) => (
          <FolderRow key={folder.id} folder={folder} folders={folders} onChanged={onChanged} />
        ))}
      </ul>
      {adding && (
        <FolderDialog
          onClose={() => setAdding(false)}
          onSave={async ({ path, ...settings }) => {
            const { storage, bytesPerSecond } = await api.addFolder({ path, ...settings });
            showToast(t`Folder added. ${speedWords(bytesPerSecond)}`);
            onChanged(storage);
          }}
        />
      )}
    </section>
  );
}

function FolderRow({ folder, folders, onChanged }: FoldersListProps & { folder: VolumeView }) {
  const [asked, setAsked] = useState<'change' | 'remove' | 'give up' | null>(null);
  const state = stateWords(folder);
  const isLost = folder.state === 'absent' && folder.usedBytes > 0;
  const others = folders.some(({ id, role }) => id !== folder.id && role === 'record');
  return (
    <li className={styles.folder}>
      <span className={styles.words}>
        <span className={styles.path}>{folder.path}</span>
        <span className={styles.state}>
          <Dot hue={state.hue} />
          {state.words} · {roleWords(folder)}
        </span>
        <small>{folder.problem ?? spaceWords(folder)}</small>
        {folder.problem && <small>{spaceWords(folder)}</small>}
      </span>
      <span className={styles.buttons}>
        <Button tone="quiet" onClick={() => setAsked('change')}>
          {folder.role === 'leaving' ? t`Use again` : t`Change`}
        </Button>
        {isLost && (
          <Button disabled={!others} onClick={() => setAsked('give up')}>
            <Trans>Give up</Trans>
          </Button>
        )}
        {folder.role !== 'leaving' && !isLost && (
          <Button disabled={!others} onClick={() => setAsked('remove')}>
            <Trans>Remove</Trans>
          </Button>
        )}
      </span>
      {asked === 'change' && (
        <FolderDialog
          folder={folder}
          onClose={() => setAsked(null)}
          onSave={async ({ path: _path, ...settings }) => {
            onChanged(await api.changeFolder(folder.id, settings));
            showToast(t`Folder saved`);
          }}
        />
      )}
      {asked === 'give up' && (
        <GiveUpFolder folder={folder} onClose={() => setAsked(null)} onChanged={onChanged} />
      )}
      <RemoveFolder
        folder={folder}
        open={asked === 'remove'}
        onOpenChange={(open) => setAsked(open ? 'remove' : null)}
        onChanged={onChanged}
      />
    </li>
  );
}

interface RemoveFolderProps {
  folder: VolumeView;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onChanged: (storage: StorageView) => void;
}

function RemoveFolder({ folder, open, onOpenChange, onChanged }: RemoveFolderProps) {
  const [busy, setBusy] = useState(false);
  const { usedBytes } = folder;
  async function remove() {
    setBusy(true);
    try {
      onChanged(await api.removeFolder(folder.id));
      showToast(usedBytes > 0 ? t`The folder is being emptied` : t`Folder removed`);
    } catch (thrown) {
      showProblem(thrown);
    }
    setBusy(false);
    onOpenChange(false);
  }
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t`Stop using this folder?`}
      description={
        usedBytes > 0
          ? t`${folder.path}: no new footage goes there. Its ${formatBytes(usedBytes)} of footage move to the other folders first, beside recording; until then it plays from here. Where they have no room, their oldest footage is deleted.`
          : t`${folder.path}: no new footage goes there. It holds no footage.`
      }
      action={usedBytes > 0 ? t`Move footage and remove` : t`Remove`}
      busy={busy}
      onConfirm={() => void remove()}
    />
  );
}
