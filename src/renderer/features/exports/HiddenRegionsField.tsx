/** Parts of the picture that are not to be seen in an export: drawn on the picture, or added and moved with the keyboard. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Plus, Trash2 } from 'lucide-react';
import { type PointerEvent, useRef, useState } from 'react';
import type { HiddenRegion } from '../../../shared/contract-exports.ts';
import type { EpochRange } from '../../../shared/units.ts';
import { api, urls } from '../../client/api.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { useResource } from '../../client/resource.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Select } from '../../ui/Field.tsx';
import styles from './ExportDialog.module.css';
import { moveRegion, regionBetween, resizeRegion } from './hidden-regions.ts';

const HOW = [
  { value: 'blur', label: t`Blurred` },
  { value: 'black', label: t`Black` },
];
const STEP = 0.01;

interface Props {
  cameraIds: readonly string[];
  hidden: readonly HiddenRegion[];
  range: EpochRange;
  onHidden: (hidden: HiddenRegion[]) => void;
}

export function HiddenRegionsField({ cameraIds, hidden, range, onHidden }: Props) {
  const cameras = useCameras((state) => state.cameras) ?? [];
  const [asked, setAsked] = useState('');
  const [open, setOpen] = useState(false);
  const cameraId = cameraIds.includes(asked) ? asked : (cameraIds[0] ?? '');
  const { startEpochMs, endEpochMs } = range;
  const recorded = useResource(open && cameraId ? `${cameraId} ${startEpochMs}` : null, (signal) =>
    api.segments(cameraId, { fromEpochMs: startEpochMs, toEpochMs: endEpochMs }, signal),
  );
  const first = recorded.value?.[0];
  const own = hidden.filter((region) => region.cameraId === cameraId);
  const replace = (old: HiddenRegion, next: HiddenRegion | null) =>
    onHidden(hidden.flatMap((region) => (region === old ? (next ?? []) : region)));
  const add = (region: Pick<HiddenRegion, 'x' | 'y' | 'width' | 'height'>) =>
    onHidden([...hidden, { cameraId, how: 'blur', ...region }]);
  if (!open)
    return (
      <div>
        <Button onClick={() => setOpen(true)} disabled={cameraId === ''}>
          {hidden.length === 0 ? t`Hide parts of the picture` : t`Hidden parts: ${hidden.length}`}
        </Button>
      </div>
    );
  return (
    <fieldset className={styles.hidden}>
      <legend>
        <Trans>Hidden parts of the picture</Trans>
      </legend>
      {cameraIds.length > 1 && (
        <Select
          label={t`Camera`}
          value={cameraId}
          options={cameras
            .filter(({ id }) => cameraIds.includes(id))
            .map(({ id, name }) => ({ value: id, label: name }))}
          onValue={setAsked}
        />
      )}
      <RegionCanvas
        picture={first ? urls.archiveFrame(cameraId, Math.max(startEpochMs, first.startEpochMs), 640) : null}
        size={first ?? { width: 16, height: 9 }}
        regions={own}
        onDrawn={add}
        onReplace={replace}
      />
      {recorded.value && !first && (
        <p className={styles.hint}>
          <Trans>Nothing is recorded of this camera in this time.</Trans>
        </p>
      )}
      <p className={styles.hint}>
        <Trans>Draw over what is to be hidden. Arrow keys move a part, with Shift they resize it.</Trans>
      </p>
      <ul className={styles.regions}>
        {own.map((region, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: regions have no other name
          <li key={index}>
            <Select
              label={t`Part ${index + 1}`}
              hideLabel
              value={region.how}
              options={HOW.map(({ value, label }) => ({ value, label: t`Part ${index + 1}: ${label}` }))}
              onValue={(how) => replace(region, { ...region, how: how === 'black' ? 'black' : 'blur' })}
            />
            <IconButton
              icon={Trash2}
              label={t`Remove part ${index + 1}`}
              onClick={() => replace(region, null)}
            />
          </li>
        ))}
      </ul>
      <div>
        <Button icon={Plus} onClick={() => add({ x: 0.4, y: 0.4, width: 0.2, height: 0.2 })}>
          <Trans>Add a part</Trans>
        </Button>
      </div>
    </fieldset>
  );
}

function RegionCanvas({
  picture,
  size,
  regions,
  onDrawn,
  onReplace,
}: {
  /** Null while there is none. */
  picture: string | null;
  size: { width: number; height: number };
  regions: readonly HiddenRegion[];
  onDrawn: (region: Pick<HiddenRegion, 'x' | 'y' | 'width' | 'height'>) => void;
  onReplace: (old: HiddenRegion, next: HiddenRegion) => void;
}) {
  const start = useRef<{ x: number; y: number } | null>(null);
  const [drawn, setDrawn] = useState<ReturnType<typeof regionBetween> | null>(null);
  const at = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  };
  const shown = [...regions, ...(drawn ? [drawn] : [])];
  return (
    <div
      className={styles.canvas}
      style={{ aspectRatio: `${size.width} / ${size.height}` }}
      onPointerDown={(event) => {
        if (event.target instanceof HTMLButtonElement) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = at(event);
      }}
      onPointerMove={(event) => {
        if (start.current) setDrawn(regionBetween(start.current, at(event)));
      }}
      onPointerUp={() => {
        start.current = null;
        if (drawn) onDrawn(drawn);
        setDrawn(null);
      }}
      onPointerCancel={() => {
        start.current = null;
        setDrawn(null);
      }}
    >
      {picture && <img src={picture} alt={t`The scene at the start of the range`} draggable={false} />}
      {shown.map((region, index) => (
        <button
          // biome-ignore lint/suspicious/noArrayIndexKey: regions have no other name
          key={index}
          type="button"
          className={styles.region}
          data-how={'how' in region ? region.how : 'blur'}
          aria-label={t`Hidden part ${index + 1}`}
          style={{
            ...{ left: `${region.x * 100}%`, top: `${region.y * 100}%` },
            ...{ width: `${region.width * 100}%`, height: `${region.height * 100}%` },
          }}
          onKeyDown={(event) => {
            const direction = ARROWS[event.key];
            const old = regions[index];
            if (!direction || !old) return;
            event.preventDefault();
            const change = event.shiftKey ? resizeRegion : moveRegion;
            onReplace(old, change(old, direction[0] * STEP, direction[1] * STEP));
          }}
        />
      ))}
    </div>
  );
}

const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
