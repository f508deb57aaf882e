/** Notifications of the system. */
import { Notification, nativeImage } from 'electron';
import type { Notice } from '../../shared/desktop.ts';

/** They are kept until they are gone: one that was collected as garbage cannot be clicked. */
const shown = new Set<Notification>();

/** A click leads to the notice's page. */
export function showNotice(notice: Notice, iconPath: string, onClick: (place: string) => void): void {
  if (!Notification.isSupported()) return;
  const { title, body, place, picture } = notice;
  const icon = picture ? nativeImage.createFromBuffer(Buffer.from(picture)) : iconPath;
  const note = new Notification({ title, body, icon });
  const forget = () => shown.delete(note);
  note.on('click', () => {
    forget();
    onClick(place);
  });
  note.on('close', forget);
  note.on('failed', forget);
  shown.add(note);
  note.show();
}
