/**
 * The provision file: accounts, sites, cameras, readers and credentials as JSON. This module says whether a file fits,
 * on its own; `apply-provision.ts` brings a fitting one into the store.
 */
import { z } from 'zod';
import { MASKED_PASSWORD } from '../../shared/contract-cameras.ts';
import {
  AnalysisSchema,
  CameraSchema,
  LineSchema,
  MacAddressSchema,
  RecordingSchema,
  SiteSchema,
  SourceSchema,
  uniquelyNamed,
  ZoneSchema,
} from '../../shared/domain-camera.ts';
import { RecordingFolderSchema } from '../../shared/domain-storage.ts';
import { type InputProblem, pathInWords, problemLine, problemsOf } from './issue-words.ts';

const NAME = SiteSchema.shape.name;
const DEVICE_ID = z.string().trim().min(1).max(500);
const SECRET = z.string().min(1).max(1000);
const HTTP_URL = z
  .string()
  .refine((text) => /^https?:\/\//i.test(text) && URL.canParse(text), 'expected an http:// or https:// URL');
/** OAuth redirects may be of any scheme (native apps), but absolute and without a fragment (RFC 6749, 3.1.2). */
const REDIRECT_URI = z
  .string()
  .refine((text) => URL.canParse(text) && !text.includes('#'), 'expected an absolute URL without a fragment');

/** An exported file without secrets: its addresses hold no passwords. */
const WHOLE_SOURCE = SourceSchema.refine(
  ({ main, sub }) => !`${main}${sub ?? ''}`.includes(MASKED_PASSWORD),
  `expected the password in place of ${MASKED_PASSWORD}`,
);

const ProvisionCameraSchema = z.strictObject({
  id: CameraSchema.shape.id.transform((id) => id.toLowerCase()).optional(),
  name: NAME,
  siteId: SiteSchema.shape.id.optional(),
  serialNumber: CameraSchema.shape.serialNumber,
  macAddress: MacAddressSchema.optional(),
  source: WHOLE_SOURCE.optional(),
  recording: RecordingSchema.optional(),
  analysis: AnalysisSchema.optional(),
  zones: uniquelyNamed(z.array(ZoneSchema)).optional(),
  lines: uniquelyNamed(z.array(LineSchema)).optional(),
  readers: z.array(DEVICE_ID).optional(),
});

const CredentialsSchema = z.strictObject({
  oauthTokens: z
    .array(z.strictObject({ token: SECRET, scopes: z.array(z.enum(['user', 'annotations:write'])).min(1) }))
    .optional(),
  oauthClients: z
    .array(
      z.strictObject({ clientId: SECRET, clientSecret: SECRET, redirectUris: z.array(REDIRECT_URI).min(1) }),
    )
    .optional(),
  uploadToken: SECRET.optional(),
  embedKeys: z.array(SECRET).optional(),
  integrationKeys: z.array(SECRET).optional(),
  camlyticsKeys: z.array(z.strictObject({ key: SECRET, secret: SECRET })).optional(),
});

const ProvisionSchema = z.strictObject({
  account: z
    .strictObject({
      email: z.email(),
      password: z.string().min(10).max(200),
    })
    .optional(),
  sites: z
    .array(
      z.strictObject({
        id: SiteSchema.shape.id.optional(),
        uuid: SiteSchema.shape.uuid.transform((uuid) => uuid.toLowerCase()).optional(),
        name: NAME,
      }),
    )
    .optional(),
  cameras: z.array(ProvisionCameraSchema).optional(),
  readers: z
    .array(z.strictObject({ deviceId: DEVICE_ID, deviceName: z.string().trim().min(1).max(500).optional() }))
    .optional(),
  credentials: CredentialsSchema.optional(),
  camlyticsWebhooks: z
    .array(
      z.strictObject({
        url: HTTP_URL,
        siteId: SiteSchema.shape.id.optional(),
        cameraId: CameraSchema.shape.id.transform((id) => id.toLowerCase()).optional(),
      }),
    )
    .optional(),
  storage: z
    .strictObject({
      maxBytes: z.number().int().positive().nullable().optional(),
      minFreeBytes: z.number().int().min(0).optional(),
      lockCapShare: z.number().min(0).max(0.9).optional(),
      folders: z.array(RecordingFolderSchema).max(50).optional(),
    })
    .optional(),
});

type Parsed = z.infer<typeof ProvisionSchema>;
type ParsedCamera = NonNullable<Parsed['cameras']>[number];
/** A camera as the file names it: of `recording` and `analysis` only the keys that stand in the file. */
export type ProvisionCamera = Omit<ParsedCamera, 'recording' | 'analysis'> & {
  recording: Partial<z.infer<typeof RecordingSchema>>;
  analysis: Partial<z.infer<typeof AnalysisSchema>>;
};
/** A fitting provision file. What is absent is to be left alone. */
export type Provision = Omit<Parsed, 'cameras'> & { cameras: ProvisionCamera[] };

export type ProvisionResult = { ok: true; provision: Provision } | { ok: false; problems: string[] };

/** Reads the value of a provision file. A problem reads `cameras[0].lines[1].points: expected …`; values are never repeated. */
export function parseProvision(value: unknown): ProvisionResult {
  const parsed = ProvisionSchema.safeParse(value);
  if (!parsed.success) return refuse(problemsOf(parsed.error.issues));
  const problems = crossCheck(parsed.data);
  if (problems.length > 0) return refuse(problems);
  const given = value as { cameras?: Array<{ recording?: object; analysis?: object }> };
  const cameras = (parsed.data.cameras ?? []).map(
    (camera, i): ProvisionCamera => ({
      ...camera,
      recording: onlyGiven(camera.recording, given.cameras?.[i]?.recording),
      analysis: onlyGiven(camera.analysis, given.cameras?.[i]?.analysis),
    }),
  );
  return { ok: true, provision: { ...parsed.data, cameras } };
}

function refuse(problems: readonly InputProblem[]): ProvisionResult {
  return {
    ok: false,
    problems: problems.map((problem) => problemLine([{ ...problem, path: problem.path || 'the file' }])),
  };
}

/** What a schema of single values cannot see. References to what may be in the store already are checked when applied. */
function crossCheck(provision: Parsed): InputProblem[] {
  const cameras = provision.cameras ?? [];
  const sites = provision.sites ?? [];
  const webhooks = provision.camlyticsWebhooks ?? [];
  return [
    ...repeated(
      'cameras',
      'name',
      cameras.map((camera) => camera.name.toLowerCase()),
      'camera names must differ (upper and lower case are the same)',
    ),
    ...repeated(
      'cameras',
      'id',
      cameras.map((camera) => camera.id),
    ),
    ...repeated(
      'cameras',
      'serialNumber',
      cameras.map((camera) => camera.serialNumber),
    ),
    ...repeated(
      'cameras',
      'macAddress',
      cameras.map((camera) => camera.macAddress),
    ),
    ...repeated(
      'sites',
      'id',
      sites.map((site) => site.id),
    ),
    ...repeated(
      'sites',
      'uuid',
      sites.map((site) => site.uuid),
    ),
    ...repeated(
      'readers',
      'deviceId',
      (provision.readers ?? []).map((reader) => reader.deviceId),
    ),
    ...repeated(
      'credentials.oauthClients',
      'clientId',
      (provision.credentials?.oauthClients ?? []).map((client) => client.clientId),
    ),
    ...repeated(
      'credentials.camlyticsKeys',
      'key',
      (provision.credentials?.camlyticsKeys ?? []).map((key) => key.key),
    ),
    ...repeated(
      'storage.folders',
      'path',
      (provision.storage?.folders ?? []).map((folder) => folder.path),
    ),
    ...webhooks.flatMap((webhook, i) =>
      (webhook.siteId === undefined) === (webhook.cameraId === undefined)
        ? [{ path: pathInWords(['camlyticsWebhooks', i]), words: 'expected either siteId or cameraId' }]
        : [],
    ),
  ];
}

/** Says which entries of a list repeat a value of an earlier one. */
function repeated(
  list: string,
  key: string,
  values: ReadonlyArray<string | number | undefined>,
  words?: string,
): InputProblem[] {
  return values.flatMap((value, i) =>
    value !== undefined && values.indexOf(value) < i
      ? [
          {
            path: `${list}[${i}].${key}`,
            words: words ?? `expected a value that ${list}[${values.indexOf(value)}] does not have`,
          },
        ]
      : [],
  );
}

function onlyGiven<T extends object>(parsed: T | undefined, given: object | undefined): Partial<T> {
  if (!parsed || !given) return {};
  return Object.fromEntries(
    Object.entries(parsed).filter(([key]) => Object.hasOwn(given, key)),
  ) as Partial<T>;
}
