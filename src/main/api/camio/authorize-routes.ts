/** OAuth: a user allows a registered client to act for them, in a browser or by a script that knows the password. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { verifyPassword } from '../../settings/password.ts';
import { RateLimitError } from '../errors.ts';
import { buildConsentPage } from './authorize-page.ts';
import { mergeQuery } from './bodies.ts';
import type { CamioRouteDeps } from './ports.ts';
import { addPath } from './register.ts';
import { failures } from './schemas.ts';

const tags = ['Camio: OAuth'];
const SCOPES = ['user', 'annotations:write'];
/** Passwords compared at once, and waiting: each comparison takes a core for a tenth of a second. */
const MAX_COMPARING = 2;
const MAX_WAITING = 20;
const NO_ADMINISTRATOR = 'Only the account of an administrator can allow this.';

const Text = z.string('expected a text');
const AuthorizeInput = z.object({
  client_id: Text.min(1, 'expected the id of a client').meta({ example: 'abc123' }),
  redirect_uri: Text.optional().meta({
    description: 'One that is registered for the client; the first one where absent',
    example: 'https://www.example.com/camio/oauth',
  }),
  scope: Text.optional().meta({
    description: '`user`, `annotations:write`; comma or space list',
    example: 'user',
  }),
  state: Text.optional().meta({ description: 'Handed back as it is' }),
});
const AuthorizeForm = z.object({
  email: Text.optional(),
  password: Text.optional(),
  decision: z.enum(['allow', 'deny'], 'expected allow or deny'),
});
const TokenInput = z
  .object({
    client_id: Text.min(1),
    client_secret: Text.min(1),
    code: Text.min(1),
    redirect_uri: Text.min(1),
  })
  .meta({
    example: {
      client_id: 'abcdefg',
      client_secret: 'secret',
      code: 'code',
      redirect_uri: 'https://www.example.com/camio/oauth',
    },
  });
const TokenAnswer = z
  .object({ access_token: z.string(), token_type: z.string() })
  .describe('With `Accept: application/json`; else the same two as a form')
  .meta({ example: { access_token: 'e72e16c7e42f292c6912e7710c838347ae178b4a', token_type: 'bearer' } });
const Page = z.string().describe('The page that asks the user to sign in and to allow it (HTML)');

interface Asked {
  clientId: string;
  redirectUri: string;
  scopes: string[] | null;
  scopeText: string;
  state: string | undefined;
}

export function registerCamioOAuth(app: FastifyInstance, deps: CamioRouteDeps): void {
  let comparing = 0;
  const waiting: Array<() => void> = [];

  addPath(app, '/login/oauth/authorize', 'open', [
    {
      methods: ['GET'],
      schema: {
        tags,
        summary: 'Ask the user to allow a client',
        querystring: AuthorizeInput,
        produces: ['text/html'],
        response: { 200: Page, ...failures },
      },
      handler: (request, reply) => {
        const asked = readAsked(request.query as z.infer<typeof AuthorizeInput>);
        return asked.scopes
          ? sendPage(reply, 200, asked, null)
          : redirect(reply, asked, { error: 'invalid_scope' });
      },
    },
    {
      methods: ['POST'],
      body: 'loose',
      schema: {
        tags,
        summary: 'What the user decided',
        description:
          'client_id, redirect_uri, scope, state as above, and email, password, decision (allow or deny), in a form or the query. ' +
          'Redirects with `code` and `state`, or with `error`.',
        consumes: ['application/x-www-form-urlencoded'],
        body: z.looseObject({}).meta({
          example: { client_id: 'abc123', email: 'owner@example.com', password: 'secret', decision: 'allow' },
        }),
        response: { 302: z.null().describe('To redirect_uri'), ...failures },
      },
      handler: async (request, reply) => {
        const given = mergeQuery(request);
        const asked = readAsked(AuthorizeInput.parse(given));
        if (!asked.scopes) return redirect(reply, asked, { error: 'invalid_scope' });
        const { decision, email = '', password = '' } = AuthorizeForm.parse(given);
        if (decision === 'deny') return redirect(reply, asked, { error: 'access_denied' });
        const account = deps.accounts.byEmail(email);
        const isRight = await comparePassword(password, account?.passwordHash ?? null);
        if (!account || !isRight) return refuseSignIn(request, reply, asked);
        if (account.role !== 'administrator') return refuseRole(request, reply, asked);
        deps.audit.note('signed-in', { actor: account.email, address: request.ip }, [], {
          detail: `To allow ${asked.clientId}`,
        });
        const code = deps.camioClients.addCode({
          clientId: asked.clientId,
          redirectUri: asked.redirectUri,
          scopes: asked.scopes,
          accountId: account.id,
          createdEpochMs: deps.clock.epochMs(),
        });
        return redirect(reply, asked, { code });
      },
    },
  ]);

  addPath(app, '/login/oauth/access_token', 'open', [
    {
      methods: ['POST'],
      body: 'loose',
      schema: {
        tags,
        summary: 'Exchange a code for an access token',
        description: 'client_id, client_secret, code and redirect_uri in the query, a form or JSON.',
        body: z.looseObject({}).meta({
          example: {
            client_id: 'abcdefg',
            client_secret: 'secret',
            code: 'code',
            redirect_uri: 'https://www.example.com/camio/oauth',
          },
        }),
        response: { 200: TokenAnswer, ...failures },
      },
      handler: (request, reply) => {
        const input = TokenInput.parse(mergeQuery(request));
        if (!deps.integrations.isOAuthSecret(input.client_id, input.client_secret))
          throw deps.authenticator.refusal(request);
        const now = deps.clock.epochMs();
        const grant = deps.camioClients.takeCode(
          { code: input.code, clientId: input.client_id, redirectUri: input.redirect_uri },
          now,
        );
        if (!grant)
          throw new AppError(
            'invalid-input',
            'The code is not good: unknown, used, too old, or for another redirect_uri.',
          );
        const { token } = deps.tokens.put(
          { kind: 'api', name: `OAuth: ${grant.clientId}`, scopes: grant.scopes, accountId: grant.accountId },
          now,
        );
        const answer = { access_token: token, token_type: 'bearer' };
        if (/\bapplication\/json\b/i.test(request.headers.accept ?? '')) return answer;
        return reply
          .type('application/x-www-form-urlencoded')
          .serializer((text: unknown) => text as string)
          .send(new URLSearchParams(answer).toString());
      },
    },
  ]);

  /** Throws AppError `invalid-input` for what must not be answered with a redirect. */
  function readAsked(input: z.infer<typeof AuthorizeInput>): Asked {
    const client = deps.integrations.oauthClient(input.client_id);
    if (!client) throw new AppError('invalid-input', 'client_id: there is no such client.');
    const redirectUri = input.redirect_uri ? input.redirect_uri : client.redirectUris[0];
    if (redirectUri === undefined || !client.redirectUris.includes(redirectUri))
      throw new AppError('invalid-input', 'redirect_uri: it is not registered for this client.');
    const scopes = (input.scope ?? '').split(/[\s,]+/).filter((scope) => scope !== '');
    return {
      clientId: client.clientId,
      redirectUri,
      scopes: scopes.every((scope) => SCOPES.includes(scope))
        ? [...new Set(scopes.length > 0 ? scopes : ['user'])]
        : null,
      scopeText: input.scope ?? '',
      state: input.state,
    };
  }

  function sendPage(reply: FastifyReply, status: number, asked: Asked, problem: string | null) {
    // The browser applies form-action to the redirect that follows the form, too.
    const target = new URL(asked.redirectUri);
    const formTarget = /^https?:$/.test(target.protocol) ? target.origin : target.protocol;
    return reply
      .code(status)
      .header(
        'content-security-policy',
        `default-src 'none'; style-src 'unsafe-inline'; form-action 'self' ${formTarget}; frame-ancestors 'none'; base-uri 'none'`,
      )
      .type('text/html; charset=utf-8')
      .serializer((text: unknown) => text as string)
      .send(buildConsentPage({ ...asked, scopes: asked.scopes ?? [], problem }));
  }

  function refuseSignIn(request: FastifyRequest, reply: FastifyReply, asked: Asked) {
    const refusal = deps.authenticator.refusal(request);
    if (refusal instanceof RateLimitError || !wantsPage(request))
      throw refusal instanceof RateLimitError
        ? refusal
        : new AppError('unauthenticated', 'The e-mail address or the password is wrong.');
    return sendPage(reply, 401, asked, 'The e-mail address or the password is wrong.');
  }

  /** A token reaches the whole recorder: only an administrator gives one. */
  function refuseRole(request: FastifyRequest, reply: FastifyReply, asked: Asked) {
    if (!wantsPage(request)) throw new AppError('forbidden', NO_ADMINISTRATOR);
    return sendPage(reply, 403, asked, NO_ADMINISTRATOR);
  }

  async function comparePassword(password: string, hash: string | null): Promise<boolean> {
    if (comparing >= MAX_COMPARING) {
      if (waiting.length >= MAX_WAITING) throw new RateLimitError(1);
      await new Promise<void>((free) => waiting.push(free));
    }
    comparing += 1;
    try {
      return await verifyPassword(password, hash);
    } finally {
      comparing -= 1;
      waiting.shift()?.();
    }
  }
}

function wantsPage(request: FastifyRequest): boolean {
  return /\btext\/html\b/i.test(request.headers.accept ?? '');
}

/** To the client, its own query kept. */
function redirect(reply: FastifyReply, asked: Asked, values: Record<string, string>) {
  const given = new URLSearchParams({
    ...values,
    ...(asked.state !== undefined && { state: asked.state }),
  }).toString();
  const mark = asked.redirectUri.includes('?') ? (/[?&]$/.test(asked.redirectUri) ? '' : '&') : '?';
  return reply
    .code(302)
    .header('location', `${asked.redirectUri}${mark}${given}`)
    .serializer((text: unknown) => text as string)
    .send('');
}
