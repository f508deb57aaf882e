/** All cameras with their newest status: fetched once, then kept fresh by the engine's messages. */
import { useEffect } from 'react';
import { create } from 'zustand';
import type { CameraView } from '../../shared/contract-cameras.ts';
import { api } from './api.ts';
import { onServerConnected, onServerMessage } from './server-events.ts';

interface CamerasState {
  /** null until first fetched. */
  cameras: CameraView[] | null;
  error: string | null;
  refresh(): Promise<void>;
  put(camera: CameraView): void;
  forget(cameraId: string): void;
}

export const useCameras = create<CamerasState>((set, get) => ({
  cameras: null,
  error: null,
  async refresh() {
    try {
      set({ cameras: await api.cameras(), error: null });
    } catch (thrown) {
      set({ error: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  },
  put(camera) {
    const cameras = get().cameras ?? [];
    const known = cameras.some((one) => one.id === camera.id);
    set({
      cameras: known ? cameras.map((one) => (one.id === camera.id ? camera : one)) : [...cameras, camera],
    });
  },
  forget(cameraId) {
    set({ cameras: get().cameras?.filter((one) => one.id !== cameraId) ?? null });
  },
}));

/** Keeps the store fresh while mounted; the shell does this once. */
export function useCamerasFeed(): void {
  useEffect(() => {
    const { refresh } = useCameras.getState();
    void refresh();
    const stopOpen = onServerConnected(() => void refresh());
    const stopMessages = onServerMessage((message) => {
      if (message.kind === 'cameras-changed') void refresh();
      if (message.kind === 'camera-status')
        useCameras.setState(({ cameras }) => ({
          cameras:
            cameras?.map((camera) =>
              camera.id === message.status.cameraId ? { ...camera, status: message.status } : camera,
            ) ?? null,
        }));
    });
    return () => {
      stopOpen();
      stopMessages();
    };
  }, []);
}

/** One camera by id; undefined when unknown or not fetched yet. */
export function useCamera(cameraId: string): CameraView | undefined {
  return useCameras((state) => state.cameras?.find((camera) => camera.id === cameraId));
}
