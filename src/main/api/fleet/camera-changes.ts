/** How cameras are claimed and changed. */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { AnalysisSchema, RecordingSchema } from '../../../shared/domain-camera.ts';
import { AppError } from '../../../shared/errors.ts';
import type { StoredCamera } from '../../store/cameras.ts';
import { statusError } from '../methods.ts';
import { bySerial, type FleetDeps, requireSite } from './common.ts';
import type { CameraPatch, NewCamera } from './schemas.ts';

export function claim(deps: FleetDeps, input: z.infer<typeof NewCamera>): StoredCamera {
  const { cameras, sites, fleet, clock, transaction } = deps;
  const serialNumber = input.serialNumber.trim();
  const site = requireSite(sites, input.siteId);
  if (bySerial(cameras, serialNumber))
    throw new AppError('conflict', 'This camera has already been claimed.');
  const name = input.name?.trim() ?? freeName(serialNumber, cameras);
  if (cameras.byName(name))
    throw new AppError('invalid-input', 'name: there is a camera with this name already');
  return transaction(() =>
    cameras.add(
      {
        id: fleet.takeRegistration(serialNumber) ?? randomUUID(),
        name,
        siteId: site.id,
        serialNumber,
        recording: RecordingSchema.parse({}),
        analysis: AnalysisSchema.parse({}),
        zones: [],
        lines: [],
        readers: [],
      },
      clock.epochMs(),
    ),
  );
}

export function patch(
  deps: FleetDeps,
  camera: StoredCamera,
  changes: z.infer<typeof CameraPatch>,
): StoredCamera {
  const { cameras, fleet, transaction } = deps;
  const name = changes.name?.trim();
  if (name !== undefined) {
    const other = cameras.byName(name);
    if (name === '' || name.length > 200) throw statusError(422, 'name: expected 1 to 200 characters');
    if (other && other.id !== camera.id) throw statusError(422, 'name: another camera has this name');
  }
  return transaction(() => {
    fleet.setAliases(camera.id, changes);
    return name === undefined || name === camera.name ? camera : cameras.update(camera.id, { name });
  });
}

/** The serial number; with a counter behind it where another camera bears that name: who gave no name cannot mend it. */
function freeName(serialNumber: string, cameras: FleetDeps['cameras']): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? serialNumber : `${serialNumber} (${count})`;
    if (!cameras.byName(name)) return name;
  }
}
