/** The stored configuration as a provision file. Pure. Accounts, and keys of which only a digest is stored, cannot stand in it. */
import type { Camera, Reader, Site } from '../../shared/domain-camera.ts';
import type { RecordingFolder } from '../../shared/domain-storage.ts';

export interface StoredConfiguration {
  sites: readonly Site[];
  cameras: readonly Camera[];
  readers: readonly Reader[];
  camlyticsWebhooks: ReadonlyArray<{ url: string; siteId: number | null; cameraId: string | null }>;
  storage: { maxBytes: number | null; minFreeBytes: number; lockCapShare: number };
  folders: readonly RecordingFolder[];
  credentials: {
    uploadToken: string | null;
    camlyticsKeys: ReadonlyArray<{ key: string; secret: string }>;
  };
}

/** `maskUrl`: how an address is written where secrets are to be left out; null: they stand in the file. */
export function exportProvision(
  stored: StoredConfiguration,
  maskUrl: ((url: string) => string) | null,
): Record<string, unknown> {
  const { credentials, folders } = stored;
  const write = maskUrl ?? ((url: string) => url);
  return {
    sites: stored.sites,
    readers: stored.readers,
    cameras: stored.cameras.map((camera) => cameraOf(camera, write)),
    camlyticsWebhooks: stored.camlyticsWebhooks.map(({ url, siteId, cameraId }) => ({
      url: write(url),
      ...(siteId === null ? {} : { siteId }),
      ...(cameraId === null ? {} : { cameraId }),
    })),
    storage: { ...stored.storage, ...(folders.length > 0 && { folders }) },
    ...(maskUrl === null && {
      credentials: {
        ...(credentials.uploadToken === null ? {} : { uploadToken: credentials.uploadToken }),
        camlyticsKeys: credentials.camlyticsKeys,
      },
    }),
  };
}

function cameraOf(camera: Camera, write: (url: string) => string): Record<string, unknown> {
  const { id, name, siteId, serialNumber, macAddress, source, recording, analysis } = camera;
  const { zones, lines, readers } = camera;
  return {
    ...{ id, name, siteId },
    ...(serialNumber === undefined ? {} : { serialNumber }),
    ...(macAddress === undefined ? {} : { macAddress }),
    ...(source && {
      source: { ...source, main: write(source.main), ...(source.sub && { sub: write(source.sub) }) },
    }),
    ...{ recording, analysis, zones, lines, readers },
  };
}
