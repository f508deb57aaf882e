/** Brings a provision file into the store: creates or updates what it names, leaves alone what it does not, all or nothing. */
import { randomUUID } from 'node:crypto';
import {
  AnalysisSchema,
  type Camera,
  type Reader,
  RecordingSchema,
  type Site,
} from '../../shared/domain-camera.ts';
import { AppError } from '../../shared/errors.ts';
import { hashPassword, verifyPassword } from './password.ts';
import type { Provision, ProvisionCamera } from './provision.ts';

/** The parts of the store that a provision file reaches. */
export interface ProvisionTarget {
  /** Runs a synchronous action in one transaction. */
  transaction: <T>(action: () => T) => T;
  accounts: {
    byEmail(email: string): { id: number; passwordHash: string } | null;
    add(email: string, passwordHash: string, nowEpochMs: number): { id: number };
    setPasswordHash(id: number, passwordHash: string): void;
  };
  sites: {
    list(): Site[];
    add(site: { id?: number; uuid?: string; name: string }): Site;
    update(site: Site): void;
    ensureDefault(): Site;
  };
  cameras: {
    get(id: string): Camera | null;
    byName(name: string): Camera | null;
    add(camera: Camera, nowEpochMs: number): unknown;
    update(id: string, changes: Partial<Omit<Camera, 'id'>>): unknown;
  };
  readers: { get(deviceId: string): Reader | null; put(readers: readonly Reader[]): void };
  tokens: {
    put(
      token: {
        kind: 'api' | 'embed' | 'integration';
        name: string;
        scopes: readonly string[];
        accountId?: number | null;
        token: string;
      },
      nowEpochMs: number,
    ): unknown;
    setUploadToken(token: string, nowEpochMs: number): void;
  };
  integrations: {
    putOAuthClient(client: { clientId: string; clientSecret: string; redirectUris: string[] }): void;
    putCamlyticsKey(key: string, secret: string): void;
    putCamlyticsWebhook(webhook: { url: string; siteId: number | null; cameraId: string | null }): void;
  };
  settings: {
    setStorage(limits: { maxBytes?: number | null; minFreeBytes?: number; lockCapShare?: number }): unknown;
  };
}

/**
 * Applies a file; again changes nothing. Throws AppError `invalid-input`, its message beginning with the JSON path,
 * when the file contradicts what is stored; then nothing is changed.
 */
export async function applyProvision(
  provision: Provision,
  target: ProvisionTarget,
  nowEpochMs: number,
): Promise<void> {
  const { account } = provision;
  const known = account ? target.accounts.byEmail(account.email) : null;
  const isRight = account && known ? await verifyPassword(account.password, known.passwordHash) : false;
  const passwordHash = account && !isRight ? await hashPassword(account.password) : null;
  target.transaction(() => {
    let accountId = known?.id ?? null;
    if (account && passwordHash !== null) {
      if (known) target.accounts.setPasswordHash(known.id, passwordHash);
      else accountId = target.accounts.add(account.email, passwordHash, nowEpochMs).id;
    }
    applySites(provision, target);
    applyReaders(provision, target);
    provision.cameras.forEach((camera, i) => {
      applyCamera(camera, `cameras[${i}]`, target, nowEpochMs);
    });
    applyCredentials(provision, target, accountId, nowEpochMs);
    applyWebhooks(provision, target);
    if (provision.storage) target.settings.setStorage(provision.storage);
  });
}

function applySites(provision: Provision, { sites }: ProvisionTarget): void {
  (provision.sites ?? []).forEach((site, i) => {
    const stored = sites.list();
    const byId = stored.find((other) => other.id === site.id);
    const byUuid = stored.find((other) => other.uuid === site.uuid);
    if (byId && byUuid && byId !== byUuid)
      refuse(`sites[${i}].uuid`, `expected a uuid that is not that of site ${byUuid.id}`);
    if (!byId && byUuid && site.id !== undefined)
      refuse(`sites[${i}].id`, `expected ${byUuid.id}, the id of the site with that uuid`);
    const isNamed = site.id !== undefined || site.uuid !== undefined;
    const byName = isNamed
      ? undefined
      : stored.find((other) => other.name.toLowerCase() === site.name.toLowerCase());
    const known = byId ?? byUuid ?? byName;
    if (known) sites.update({ id: known.id, uuid: site.uuid ?? known.uuid, name: site.name });
    else sites.add(site);
  });
}

/** Readers that only a camera names are made under their id. */
function applyReaders(provision: Provision, { readers }: ProvisionTarget): void {
  const named = (provision.readers ?? []).map(
    ({ deviceId, deviceName }): Reader => ({
      deviceId,
      deviceName: deviceName ?? readers.get(deviceId)?.deviceName ?? deviceId,
    }),
  );
  readers.put(named);
  for (const deviceId of provision.cameras.flatMap((camera) => camera.readers ?? [])) {
    if (!readers.get(deviceId)) readers.put([{ deviceId, deviceName: deviceId }]);
  }
}

function applyCamera(
  camera: ProvisionCamera,
  path: string,
  target: ProvisionTarget,
  nowEpochMs: number,
): void {
  const sameName = target.cameras.byName(camera.name);
  const known = camera.id === undefined ? sameName : target.cameras.get(camera.id);
  if (sameName && sameName.id !== known?.id) {
    if (known) refuse(`${path}.name`, 'expected a name that no other camera has');
    refuse(`${path}.id`, `expected ${sameName.id}, the id of the camera with that name, or no id`);
  }
  if (camera.siteId !== undefined) requireSite(camera.siteId, `${path}.siteId`, target);
  const { id: _id, recording, analysis, ...rest } = camera;
  const named = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  if (known) {
    target.cameras.update(known.id, {
      ...named,
      recording: { ...known.recording, ...recording },
      analysis: { ...known.analysis, ...analysis },
    });
    return;
  }
  const fresh: Camera = {
    siteId: camera.siteId ?? target.sites.ensureDefault().id,
    zones: [],
    lines: [],
    readers: [],
    ...named,
    name: camera.name,
    id: camera.id ?? randomUUID(),
    recording: RecordingSchema.parse(recording),
    analysis: AnalysisSchema.parse(analysis),
  };
  target.cameras.add(fresh, nowEpochMs);
}

function applyCredentials(
  { credentials }: Provision,
  { tokens, integrations }: ProvisionTarget,
  accountId: number | null,
  nowEpochMs: number,
): void {
  if (!credentials) return;
  credentials.oauthTokens?.forEach(({ token, scopes }) => {
    tokens.put(
      { kind: 'api', name: `Provisioned (${scopes.join(', ')})`, scopes, accountId, token },
      nowEpochMs,
    );
  });
  for (const client of credentials.oauthClients ?? []) integrations.putOAuthClient(client);
  if (credentials.uploadToken !== undefined) tokens.setUploadToken(credentials.uploadToken, nowEpochMs);
  for (const token of credentials.embedKeys ?? [])
    tokens.put({ kind: 'embed', name: 'Provisioned', scopes: [], token }, nowEpochMs);
  for (const token of credentials.integrationKeys ?? []) {
    tokens.put({ kind: 'integration', name: 'Provisioned', scopes: [], token }, nowEpochMs);
  }
  for (const { key, secret } of credentials.camlyticsKeys ?? []) integrations.putCamlyticsKey(key, secret);
}

function applyWebhooks(provision: Provision, target: ProvisionTarget): void {
  (provision.camlyticsWebhooks ?? []).forEach(({ url, siteId, cameraId }, i) => {
    const path = `camlyticsWebhooks[${i}]`;
    if (siteId !== undefined) requireSite(siteId, `${path}.siteId`, target);
    if (cameraId !== undefined && !target.cameras.get(cameraId))
      refuse(`${path}.cameraId`, 'expected the id of a camera');
    target.integrations.putCamlyticsWebhook({ url, siteId: siteId ?? null, cameraId: cameraId ?? null });
  });
}

/** Site 1 is there by default; others have to be named. */
function requireSite(id: number, path: string, { sites }: ProvisionTarget): void {
  if (sites.list().length === 0) sites.ensureDefault();
  if (!sites.list().some((site) => site.id === id))
    refuse(path, 'expected the id of a site, named under sites or stored already');
}

function refuse(path: string, words: string): never {
  throw new AppError('invalid-input', `${path}: ${words}`);
}
