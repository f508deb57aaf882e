/** What the desktop app adds to the page; absent in a browser. */
import type { DesktopApi } from '../../shared/desktop.ts';

declare global {
  interface Window {
    desktop?: DesktopApi;
  }
}
