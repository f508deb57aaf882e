/** Full screen for a part of the page, where the browser has it for more than videos: iPhones do not. */
import { t } from '@lingui/core/macro';

/** Into full screen, or out of it. Throws in words where there is none, and what the browser refuses. */
export async function toggleFullScreen(element: HTMLElement | null): Promise<void> {
  if (document.fullscreenElement) return document.exitFullscreen();
  if (!element) return;
  if (typeof element.requestFullscreen !== 'function')
    throw new Error(t`This browser has no full screen for pages. On a phone, turn it sideways.`);
  return element.requestFullscreen();
}
