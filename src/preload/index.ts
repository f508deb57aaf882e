/** The bridge of the desktop app: exposes `window.desktop`, a handful of typed calls and nothing generic. */
import { contextBridge, ipcRenderer } from 'electron';
import { DESKTOP_CHANNELS, type DesktopApi } from '../shared/desktop.ts';

const desktop: DesktopApi = {
  platform: process.platform,
  chooseFolder: () => ipcRenderer.invoke(DESKTOP_CHANNELS.chooseFolder),
  openWindow: (place) => ipcRenderer.invoke(DESKTOP_CHANNELS.openWindow, place),
};

contextBridge.exposeInMainWorld('desktop', desktop);
