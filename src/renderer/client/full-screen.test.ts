import { afterEach, expect, test, vi } from 'vitest';
import { toggleFullScreen } from './full-screen.ts';

afterEach(() => vi.unstubAllGlobals());

test('where the browser has none it says so, and does not throw at once', async () => {
  vi.stubGlobal('document', { fullscreenElement: null });
  const asked = toggleFullScreen({} as HTMLElement);
  await expect(asked).rejects.toThrow('This browser has no full screen for pages.');
});

test('goes in and out', async () => {
  const [enter, leave] = [vi.fn(), vi.fn()];
  vi.stubGlobal('document', { fullscreenElement: null, exitFullscreen: leave });
  await toggleFullScreen({ requestFullscreen: enter } as unknown as HTMLElement);
  expect(enter).toHaveBeenCalledOnce();
  Object.assign(document, { fullscreenElement: {} });
  await toggleFullScreen(null);
  expect(leave).toHaveBeenCalledOnce();
});
