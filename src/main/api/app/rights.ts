/**
 * What an account may do in the UI's API. Every route declares the role that it needs and, where its path names a camera, which
 * parameter that is; the one guard of all routes holds to it. Handlers ask for the cameras of the account where they list or look up.
 */
import type { FastifyContextConfig, FastifyRequest, RouteOptions } from 'fastify';
import { includesRole, ROLE_WORDS, type Role } from '../../../shared/accounts.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Account } from '../../store/accounts.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The least role that may use a route of the UI. */
    role?: Role;
    /** The parameter of the path that names a camera. */
    cameraParam?: string;
  }
}

export const forViewers = { config: { role: 'viewer' } } as const;
export const forOperators = { config: { role: 'operator' } } as const;
export const forAdministrators = { config: { role: 'administrator' } } as const;
/** Live pictures and what is known of the camera `:id`. */
export const forViewersOfCamera = { config: { role: 'viewer', cameraParam: 'id' } } as const;
/** The recordings of the camera `:cameraId`. */
export const forOperatorsOfCamera = { config: { role: 'operator', cameraParam: 'cameraId' } } as const;

export const NO_CAMERA = 'There is no such camera.';

/** Throws when a route does not say who may use it: nobody can forget to. */
export function requireDeclaration({
  method,
  url,
  config,
}: Pick<RouteOptions, 'method' | 'url' | 'config'>): void {
  if (config?.open || config?.role) return;
  throw new Error(`The route ${String(method)} ${url} does not declare the role that it needs.`);
}

/** Throws AppError: `forbidden` when the role does not suffice, `not-found` when the path names a camera that is not the account's. */
export function requireRights(account: Account, config: FastifyContextConfig, params: unknown): void {
  const needed = config.role ?? 'administrator';
  if (!includesRole(account.role, needed))
    throw new AppError(
      'forbidden',
      `This account is ${ROLE_WORDS[account.role]}. Only ${needed === 'operator' ? 'an operator or an administrator' : ROLE_WORDS[needed]} may do this.`,
    );
  if (config.cameraParam === undefined) return;
  const id = (params as Record<string, string>)[config.cameraParam] ?? '';
  new CameraScope(account.cameraIds).require(id);
}

/** Whether a request comes from an administrator. */
export function isAdministrator({ principal }: FastifyRequest): boolean {
  return principal?.account?.role === 'administrator';
}

/** The cameras of the account that a request behind the guard comes from. */
export function camerasOf({ principal }: FastifyRequest): CameraScope {
  return new CameraScope(principal?.account ? principal.account.cameraIds : []);
}

/** The cameras that somebody may see. Ids are in lower case. */
export class CameraScope {
  private readonly ids: ReadonlySet<string> | null;

  /** null: all. */
  constructor(ids: readonly string[] | null) {
    this.ids = ids && new Set(ids);
  }

  /** All cameras, and what concerns the recorder as a whole. */
  get isWhole(): boolean {
    return this.ids === null;
  }

  has(cameraId: string): boolean {
    return this.ids === null || this.ids.has(cameraId.toLowerCase());
  }

  hasAll(cameraIds: readonly string[]): boolean {
    return cameraIds.every((id) => this.has(id));
  }

  /** Throws AppError `not-found` for another's camera, as for one that does not exist. */
  require(cameraId: string): void {
    if (!this.has(cameraId)) throw new AppError('not-found', NO_CAMERA);
  }

  /** Those of the cameras asked for (undefined or null: all) that may be seen; undefined: all. */
  narrow(asked?: readonly string[] | null): readonly string[] | undefined {
    if (this.ids === null) return asked ?? undefined;
    return asked ? asked.filter((id) => this.has(id)) : [...this.ids];
  }
}
