/** The contract of the first run: cameras found in the network, streams looked at before anything is saved, folders tried. */
import { z } from 'zod';
import { ProbeResultSchema } from './contract-cameras.ts';
import { CameraSchema, SourceSchema } from './domain-camera.ts';

// GET    /discovery                          → DiscoveryView
// POST   /discovery                          → DiscoveryView (202)   begins a search; 409 while one runs
// DELETE /discovery                          → DiscoveryView         ends the search; what was found stays
// POST   /discovery/devices   DeviceInput    → DiscoveryView (201)   a device whose address is known
// POST   /discovery/sign-in   DeviceSignIn   → DiscoveryView         the same account at each device named, once each
// POST   /discovery/devices/:id/check        → SourceCheck           409 before its streams are known
// POST   /discovery/devices/:id/camera NewName → NewCamera (201)    with its serial number and MAC address where no other has them
// POST   /cameras/check       CheckInput     → SourceCheck           the same of addresses that were typed
// POST   /storage/folders/check FolderCheckInput → FolderCheck

/** What one of a device's streams is set to, as far as it says so. */
export const OfferedStreamSchema = z.object({
  codec: z.string().nullable(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  framesPerSecond: z.number().nullable(),
});
export type OfferedStream = z.infer<typeof OfferedStreamSchema>;

export const DEVICE_STATES = [
  'found', // nobody has signed in yet
  'ready', // its streams are known
  'refused', // wrong user name or password, or the account may not see the streams
  'failed', // anything else that keeps its streams from being known
] as const;

export const FoundDeviceSchema = z.object({
  /** Its IP address or host name, with the port of its ONVIF service where that is not 80. */
  id: z.string(),
  host: z.string(),
  /** As it calls itself; null where it does not. */
  name: z.string().nullable(),
  maker: z.string().nullable(),
  model: z.string().nullable(),
  /** Whether it speaks ONVIF: then its streams need not be known. */
  onvif: z.boolean(),
  /** Where it answers RTSP; null where no such port was found. */
  rtspPort: z.number().nullable(),
  state: z.enum(DEVICE_STATES),
  /** In the user's words: why it is `refused` or `failed`. */
  problem: z.string().nullable(),
  streams: z.object({ main: OfferedStreamSchema, sub: OfferedStreamSchema.nullable() }).nullable(),
  /** Name of the camera that comes from this host already. */
  cameraName: z.string().nullable(),
});
export type FoundDevice = z.infer<typeof FoundDeviceSchema>;

export const DiscoveryViewSchema = z.object({
  /** `none`: never searched since the engine started. */
  state: z.enum(['none', 'running', 'done', 'cancelled']),
  /** The networks that are searched, as 192.168.1.0/24; empty where this machine is in no private network. */
  networks: z.array(z.string()),
  /** Addresses that were asked for RTSP so far, and of how many. */
  addressesDone: z.number(),
  addressesTotal: z.number(),
  devices: z.array(FoundDeviceSchema),
});
export type DiscoveryView = z.infer<typeof DiscoveryViewSchema>;

/** An IP address or host name, with a port where ONVIF is not on 80. */
export const DeviceAddressSchema = z
  .string()
  .trim()
  .max(260)
  .regex(
    /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/i,
    'expected a host or IP address',
  );
export const DeviceInputSchema = z.object({ address: DeviceAddressSchema });

export const DeviceSignInSchema = z.object({
  deviceIds: z.array(z.string()).min(1).max(256),
  user: z.string().min(1, 'expected a user name').max(200),
  password: z.string().max(200),
});

export const NewNameSchema = z.object({ name: CameraSchema.shape.name });
export const NewCameraSchema = z.object({ id: z.guid(), name: z.string() });

export const CheckInputSchema = z.object({ source: SourceSchema });

/** Something of a stream that should be otherwise, and what to do. */
export const FindingSchema = z.object({
  kind: z.enum([
    'unreachable',
    'codec',
    'key-frames',
    'clock',
    'no-sub-stream',
    'sub-stream',
    'small-people',
  ]),
  words: z.string(),
  advice: z.string(),
});
export type StreamFinding = z.infer<typeof FindingSchema>;

export const SourceCheckSchema = z.object({
  main: ProbeResultSchema,
  /** null: there is none. */
  sub: ProbeResultSchema.nullable(),
  /** Empty: all is well. The gravest first. */
  findings: z.array(FindingSchema),
});
export type SourceCheck = z.infer<typeof SourceCheckSchema>;

/** `path` null: where recordings go already. */
export const FolderCheckInputSchema = z.object({ path: z.string().trim().min(1).max(1000).nullable() });
export const FolderCheckSchema = z.object({
  path: z.string(),
  /** How fast 32 MB were written and flushed. */
  bytesPerSecond: z.number(),
  freeBytes: z.number(),
  totalBytes: z.number(),
});
export type FolderCheck = z.infer<typeof FolderCheckSchema>;
