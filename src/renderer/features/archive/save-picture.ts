/** Saves the picture that is shown, in the size it was recorded in. */

import { t } from '@lingui/core/macro';
import { urls } from '../../client/api.ts';
import { useCameras } from '../../client/cameras-store.ts';

/** Takes the picture from the video element; where that shows none, the engine's still picture of that time. */
export async function savePicture(
  stage: HTMLElement | null,
  cameraId: string,
  epochMs: number,
): Promise<void> {
  const video = stage?.querySelector<HTMLVideoElement>(`video[data-camera-id="${cameraId}"]`);
  const blob = (video && (await grab(video))) ?? (await fetchStill(cameraId, epochMs));
  const camera = useCameras.getState().cameras?.find((one) => one.id === cameraId);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${fileSafe(camera?.name ?? 'camera')} ${fileTime(epochMs)}.jpg`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function grab(video: HTMLVideoElement): Promise<Blob | null> {
  if (video.readyState < 2 || video.videoWidth === 0) return null;
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')!.drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.95));
}

async function fetchStill(cameraId: string, epochMs: number): Promise<Blob> {
  const response = await fetch(urls.archiveFrame(cameraId, epochMs, 3840));
  if (!response.ok) throw new Error(t`There is no picture at this time to save.`);
  return response.blob();
}

function fileSafe(name: string): string {
  return name.replaceAll(/[\\/:*?"<>|]/g, '-').trim();
}

/** Local time without characters that file systems refuse: 2026-11-20 14-03-22.120. */
export function fileTime(epochMs: number): string {
  const date = new Date(epochMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = `${two(date.getHours())}-${two(date.getMinutes())}-${two(date.getSeconds())}`;
  return `${day} ${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
