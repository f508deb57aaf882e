/** The digital zoom of a player: by wheel, pinch and key Z, moved by dragging; what is laid over the picture moves with it. */

import { t } from '@lingui/core/macro';
import { ZoomOut } from 'lucide-react';
import { type PointerEvent, type ReactNode, useEffect, useRef } from 'react';
import { formatNumber } from '../../client/language.ts';
import { IconButton } from '../../ui/Button.tsx';
import { useArchive } from './archive-store.ts';
import styles from './PlayerView.module.css';
import { moveBy, type PictureZoom, transformOf, WHOLE_PICTURE, zoomAt } from './player/picture-zoom.ts';

interface Contact {
  x: number;
  y: number;
}

export function ZoomedPicture({ cameraId, children }: { cameraId: string; children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null);
  const contacts = useRef(new Map<number, Contact>());
  const zoom = useArchive((state) => state.zooms[cameraId] ?? WHOLE_PICTURE);
  useEffect(() => {
    const element = frame.current!;
    // React's own wheel listeners may not keep the page from scrolling.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      change(cameraId, (old) => zoomAt(old, 2 ** (-event.deltaY / 240), pointIn(element, event)));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [cameraId]);

  const onMove = (event: PointerEvent<HTMLDivElement>) => {
    const before = contacts.current.get(event.pointerId);
    if (!before) return;
    const now = pointIn(event.currentTarget, event);
    const other = [...contacts.current].find(([id]) => id !== event.pointerId)?.[1];
    contacts.current.set(event.pointerId, now);
    if (!other) change(cameraId, (old) => moveBy(old, now.x - before.x, now.y - before.y));
    else {
      const factor = distance(now, other) / Math.max(0.01, distance(before, other));
      change(cameraId, (old) => zoomAt(old, factor, { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }));
    }
  };
  const onEnd = (event: PointerEvent) => contacts.current.delete(event.pointerId);
  const isZoomed = zoom.scale > 1;
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the key Z does the same */}
      <div
        ref={frame}
        className={styles.zoomFrame}
        data-zoomed={isZoomed || undefined}
        onPointerDown={(event) => {
          if (event.pointerType === 'mouse' && !isZoomed) return;
          contacts.current.set(event.pointerId, pointIn(event.currentTarget, event));
          if (isZoomed) event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={onMove}
        onPointerUp={onEnd}
        onPointerCancel={onEnd}
        onPointerLeave={onEnd}
        onDoubleClick={() => change(cameraId, () => WHOLE_PICTURE)}
      >
        <div className={styles.zoomed} style={isZoomed ? { transform: transformOf(zoom) } : undefined}>
          {children}
        </div>
      </div>
      {isZoomed && (
        <span className={styles.zoom}>
          {formatNumber(zoom.scale, { exactly: 1 })} ×
          <IconButton
            icon={ZoomOut}
            tone="onPicture"
            label={t`Show the whole picture`}
            onClick={() => change(cameraId, () => WHOLE_PICTURE)}
          />
        </span>
      )}
    </>
  );
}

function change(cameraId: string, how: (old: PictureZoom) => PictureZoom): void {
  useArchive.setState(({ zooms }) => ({
    zooms: { ...zooms, [cameraId]: how(zooms[cameraId] ?? WHOLE_PICTURE) },
  }));
}

/** In fractions of the frame. */
function pointIn(element: Element, { clientX, clientY }: { clientX: number; clientY: number }): Contact {
  const box = element.getBoundingClientRect();
  return { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height };
}

function distance(a: Contact, b: Contact): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
