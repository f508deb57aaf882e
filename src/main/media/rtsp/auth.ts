/**
 * HTTP authentication as RTSP uses it: Digest (RFC 7616: MD5, SHA-256, their -sess forms, qop none or auth) and Basic.
 * Both ends: a client that answers challenges, and a server that makes and checks them.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export interface Credentials {
  user: string;
  password: string;
}

const ALGORITHMS = ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess'] as const;
export type DigestAlgorithm = (typeof ALGORITHMS)[number];

export type Challenge =
  | { scheme: 'basic'; realm: string }
  | {
      scheme: 'digest';
      realm: string;
      nonce: string;
      algorithm: DigestAlgorithm;
      /** As the challenge named it: 'MD5' left out must stay left out for some old devices. */
      algorithmNamed: boolean;
      qop: 'auth' | null;
      opaque: string | null;
      stale: boolean;
    };

/** The challenges of `WWW-Authenticate` headers that can be answered, the strongest first. */
export function parseChallenges(values: readonly string[]): Challenge[] {
  const found: Challenge[] = [];
  for (const value of values) {
    for (const { scheme, fields } of splitSchemes(value)) {
      const realm = fields.get('realm') ?? '';
      if (scheme === 'basic') found.push({ scheme, realm });
      if (scheme !== 'digest') continue;
      const named = fields.get('algorithm');
      const algorithm = ALGORITHMS.find((one) => one.toLowerCase() === (named ?? 'MD5').toLowerCase());
      const offered = fields.get('qop');
      const qop = offered === undefined ? [] : offered.split(',').map((one) => one.trim().toLowerCase());
      if (!algorithm || (qop.length > 0 && !qop.includes('auth') && !qop.includes(''))) continue;
      found.push({
        scheme,
        realm,
        nonce: fields.get('nonce') ?? '',
        algorithm,
        algorithmNamed: named !== undefined,
        qop: qop.includes('auth') ? 'auth' : null,
        opaque: fields.get('opaque') ?? null,
        stale: fields.get('stale')?.toLowerCase() === 'true',
      });
    }
  }
  return found.sort((a, b) => strength(b) - strength(a));
}

function strength(challenge: Challenge): number {
  if (challenge.scheme === 'basic') return 0;
  return challenge.algorithm.startsWith('SHA') ? 2 : 1;
}

/** Answers a server's challenges for one connection; keeps the nonce and its count. */
export class ClientAuthenticator {
  private readonly credentials: Credentials | null;
  private challenge: Challenge | null = null;
  private answered = false;
  private nonceCount = 0;

  constructor(credentials: Credentials | null) {
    this.credentials = credentials;
  }

  /** Takes the headers of a 401. False: nothing left to try, the credentials are wrong, missing or of no known scheme. */
  challenged(values: readonly string[]): boolean {
    const next = parseChallenges(values)[0];
    if (!next || !this.credentials) return false;
    const fresh = next.scheme === 'digest' && next.stale;
    if (this.answered && !fresh) return false;
    this.challenge = next;
    this.nonceCount = 0;
    this.answered = false;
    return true;
  }

  /** A request was accepted: a later 401 is a new question, not a refusal. */
  accepted(): void {
    this.answered = false;
  }

  /** The value of `Authorization` for a request; null before any challenge. */
  authorize(method: string, uri: string): string | null {
    const { challenge, credentials } = this;
    if (!challenge || !credentials) return null;
    this.answered = true;
    if (challenge.scheme === 'basic')
      return `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`, 'utf8').toString('base64')}`;
    const count = (++this.nonceCount).toString(16).padStart(8, '0');
    const session = challenge.algorithm.endsWith('-sess');
    const cnonce = challenge.qop || session ? randomBytes(8).toString('hex') : '';
    const response = digestResponse({ ...challenge, ...credentials, method, uri, count, cnonce });
    const parts = [
      `username="${quote(credentials.user)}"`,
      `realm="${quote(challenge.realm)}"`,
      `nonce="${quote(challenge.nonce)}"`,
      `uri="${quote(uri)}"`,
      `response="${response}"`,
    ];
    if (challenge.algorithmNamed) parts.push(`algorithm=${challenge.algorithm}`);
    if (challenge.opaque !== null) parts.push(`opaque="${quote(challenge.opaque)}"`);
    if (challenge.qop) parts.push(`qop=${challenge.qop}`, `nc=${count}`);
    if (cnonce) parts.push(`cnonce="${cnonce}"`);
    return `Digest ${parts.join(', ')}`;
  }
}

export type AuthCheck = { result: 'ok'; user: string } | { result: 'missing' | 'wrong' | 'stale' };

export interface ServerAuthenticatorOptions {
  realm: string;
  /** The password of a user; null when there is no such user. */
  passwordOf(user: string): string | null;
  schemes?: ReadonlyArray<'digest' | 'basic'>;
  algorithms?: readonly DigestAlgorithm[];
  nonceLifeMs?: number;
  monotonicMs?: () => number;
}

/** Makes and checks challenges without keeping state per client: a nonce carries its time and a keyed hash of it. */
export class ServerAuthenticator {
  private readonly options: Required<ServerAuthenticatorOptions>;
  private readonly secret = randomBytes(32);

  constructor(options: ServerAuthenticatorOptions) {
    this.options = {
      schemes: ['digest'],
      algorithms: ['SHA-256', 'MD5'],
      nonceLifeMs: 300_000,
      monotonicMs: () => performance.now(),
      ...options,
    };
  }

  /** Values for `WWW-Authenticate` headers of a 401. */
  challenges(stale = false): string[] {
    const { schemes, algorithms, realm } = this.options;
    const values: string[] = [];
    if (schemes.includes('digest')) {
      const nonce = this.makeNonce(Math.round(this.options.monotonicMs()));
      for (const algorithm of algorithms)
        values.push(
          `Digest realm="${quote(realm)}", nonce="${nonce}", algorithm=${algorithm}, qop="auth"${stale ? ', stale=true' : ''}`,
        );
    }
    if (schemes.includes('basic')) values.push(`Basic realm="${quote(realm)}"`);
    return values;
  }

  /** Checks an `Authorization` header. `requestUri` is the URI of the request line; the header's own must lead to the same place. */
  check(method: string, requestUri: string, authorization: string | null): AuthCheck {
    if (!authorization) return { result: 'missing' };
    const given = splitSchemes(authorization)[0];
    if (given?.scheme === 'basic' && this.options.schemes.includes('basic'))
      return this.checkBasic(given.token);
    if (given?.scheme === 'digest' && this.options.schemes.includes('digest'))
      return this.checkDigest(method, requestUri, given.fields);
    return { result: 'wrong' };
  }

  private checkBasic(token: string): AuthCheck {
    const text = Buffer.from(token, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    const user = text.slice(0, Math.max(0, colon));
    const password = this.options.passwordOf(user);
    const same = sameText(text.slice(colon + 1), password ?? '');
    return colon >= 0 && password !== null && same ? { result: 'ok', user } : { result: 'wrong' };
  }

  private checkDigest(method: string, requestUri: string, fields: Map<string, string>): AuthCheck {
    const user = fields.get('username') ?? '';
    const nonce = fields.get('nonce') ?? '';
    const uri = fields.get('uri') ?? '';
    const named = (fields.get('algorithm') ?? 'MD5').toLowerCase();
    const algorithm = this.options.algorithms.find((one) => one.toLowerCase() === named);
    const password = this.options.passwordOf(user);
    const age = this.nonceAgeMs(nonce);
    if (!algorithm || password === null || age === null || !sameTarget(uri, requestUri))
      return { result: 'wrong' };
    const qop = fields.get('qop')?.toLowerCase() === 'auth' ? 'auth' : null;
    const expected = digestResponse({
      user,
      password,
      realm: this.options.realm,
      nonce,
      algorithm,
      qop,
      method,
      uri,
      count: fields.get('nc') ?? '',
      cnonce: fields.get('cnonce') ?? '',
    });
    if (!sameText((fields.get('response') ?? '').toLowerCase(), expected)) return { result: 'wrong' };
    return age > this.options.nonceLifeMs ? { result: 'stale' } : { result: 'ok', user };
  }

  private makeNonce(atMs: number): string {
    const time = atMs.toString(36);
    return `${time}.${createHmac('sha256', this.secret).update(time).digest('hex').slice(0, 32)}`;
  }

  private nonceAgeMs(nonce: string): number | null {
    const time = nonce.split('.')[0]!;
    const atMs = Number.parseInt(time, 36);
    if (!Number.isSafeInteger(atMs) || !sameText(nonce, this.makeNonce(atMs))) return null;
    return this.options.monotonicMs() - atMs;
  }
}

interface DigestInput extends Credentials {
  realm: string;
  nonce: string;
  algorithm: DigestAlgorithm;
  qop: 'auth' | null;
  method: string;
  uri: string;
  count: string;
  cnonce: string;
}

/** RFC 7616, 3.4.1. */
export function digestResponse(input: DigestInput): string {
  const hash = (text: string) =>
    createHash(input.algorithm.startsWith('SHA') ? 'sha256' : 'md5')
      .update(text, 'utf8')
      .digest('hex');
  let first = hash(`${input.user}:${input.realm}:${input.password}`);
  if (input.algorithm.endsWith('-sess')) first = hash(`${first}:${input.nonce}:${input.cnonce}`);
  const second = hash(`${input.method}:${input.uri}`);
  return input.qop
    ? hash(`${first}:${input.nonce}:${input.count}:${input.cnonce}:${input.qop}:${second}`)
    : hash(`${first}:${input.nonce}:${second}`);
}

/** Several schemes may stand in one header: `Digest realm="a", nonce="b", Basic realm="c"`. */
function splitSchemes(value: string): Array<{ scheme: string; token: string; fields: Map<string, string> }> {
  const found: Array<{ scheme: string; token: string; fields: Map<string, string> }> = [];
  const pattern = /([A-Za-z][\w-]*)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s,"]*))|([A-Za-z0-9+/_-]+=*)/y;
  let at = 0;
  while (at < value.length) {
    pattern.lastIndex = at;
    const match = pattern.exec(value);
    if (!match) {
      at++;
      continue;
    }
    at = pattern.lastIndex;
    const current = found.at(-1);
    if (current?.scheme === 'basic' && !current.token && match[4] === undefined && !isRealm(match[1]!)) {
      // base64 with padding reads like `name=`
      current.token = match[0];
    } else if (match[4] !== undefined) {
      if (current?.scheme === 'basic' && !current.token && current.fields.size === 0)
        current.token = match[4];
      else found.push({ scheme: match[4].toLowerCase(), token: '', fields: new Map() });
    } else {
      current?.fields.set(match[1]!.toLowerCase(), match[2]?.replaceAll(/\\(.)/g, '$1') ?? match[3] ?? '');
    }
  }
  return found;
}

function isRealm(name: string): boolean {
  return ['realm', 'charset'].includes(name.toLowerCase());
}

/** Clients put the whole URL, its path or `*` into the answer, and some leave out a trailing slash. */
function sameTarget(answered: string, requested: string): boolean {
  const path = (uri: string) => uri.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/\/+$/, '');
  const a = path(answered);
  const b = path(requested);
  return a === b || b.startsWith(`${a}/`) || a === '*';
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(a), digest(b));
}

function quote(text: string): string {
  return text.replaceAll(/["\\]/g, '\\$&').replaceAll(/[\r\n]/g, '');
}
