import { expect, test } from 'vitest';
import { ClientAuthenticator, digestResponse, parseChallenges, ServerAuthenticator } from './auth.ts';

const mufasa = { user: 'Mufasa', password: 'Circle of Life' };
const rfc7616 = {
  ...mufasa,
  realm: 'http-auth@example.org',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  qop: 'auth' as const,
  method: 'GET',
  uri: '/dir/index.html',
  count: '00000001',
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
};

test.each([
  ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
  ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
] as const)('the example of RFC 7616 with %s', (algorithm, response) => {
  expect(digestResponse({ ...rfc7616, algorithm })).toBe(response);
});

test('the example of RFC 2069 (no qop), errata 749', () => {
  const response = digestResponse({
    user: 'Mufasa',
    password: 'CircleOfLife',
    realm: 'testrealm@host.com',
    nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
    algorithm: 'MD5',
    qop: null,
    method: 'GET',
    uri: '/dir/index.html',
    count: '',
    cnonce: '',
  });
  expect(response).toBe('1949323746fe6a43ef61f9606e7febea');
});

test.each([
  ['Basic realm="cam"', ['basic cam']],
  ['Digest realm="a, b", nonce="n=1", stale=TRUE', ['digest a, b n=1 MD5 null stale']],
  ['Digest realm="a",nonce="n",qop="auth,auth-int",algorithm=SHA-256', ['digest a n SHA-256 auth']],
  ['Basic realm="b", Digest realm="a", nonce="n", qop=auth', ['digest a n MD5 auth', 'basic b']],
  ['Digest realm="say \\"hi\\"", nonce="n", algorithm=md5', ['digest say "hi" n MD5 null']],
  ['Digest realm="a", nonce="n", algorithm=SHA-512-256', []],
  ['Negotiate, NTLM', []],
  ['', []],
])('challenge %s', (value, expected) => {
  const told = parseChallenges([value]).map((one) =>
    one.scheme === 'basic'
      ? `basic ${one.realm}`
      : `digest ${one.realm} ${one.nonce} ${one.algorithm} ${one.qop}${one.stale ? ' stale' : ''}`,
  );
  expect(told).toEqual(expected);
});

test.each([
  ['digest', 'MD5'],
  ['digest', 'SHA-256'],
  ['digest', 'SHA-256-sess'],
  ['digest', 'MD5-sess'],
  ['basic', 'MD5'],
] as const)('client and server agree: %s %s', (scheme, algorithm) => {
  const server = new ServerAuthenticator({
    realm: 'Threshold "NVR"',
    schemes: [scheme],
    algorithms: [algorithm],
    passwordOf: (user) => (user === 'admin' ? 'p:ä"s\\s' : null),
  });
  const ask = (credentials: { user: string; password: string }) => {
    const client = new ClientAuthenticator(credentials);
    expect(client.challenged(server.challenges())).toBe(true);
    client.authorize('OPTIONS', 'rtsp://h/x');
    return server.check('DESCRIBE', 'rtsp://h/x', client.authorize('DESCRIBE', 'rtsp://h/x'));
  };
  expect(ask({ user: 'admin', password: 'p:ä"s\\s' })).toEqual({ result: 'ok', user: 'admin' });
  expect(ask({ user: 'admin', password: 'wrong' })).toEqual({ result: 'wrong' });
  expect(ask({ user: 'nobody', password: '' })).toEqual({ result: 'wrong' });
  expect(server.check('DESCRIBE', 'rtsp://h/x', null)).toEqual({ result: 'missing' });
});

test('an old nonce is stale, and the client answers the new one', () => {
  let now = 0;
  const server = new ServerAuthenticator({
    realm: 'r',
    passwordOf: () => 'p',
    nonceLifeMs: 1000,
    monotonicMs: () => now,
  });
  const client = new ClientAuthenticator({ user: 'u', password: 'p' });
  client.challenged(server.challenges());
  now = 1500;
  expect(server.check('PLAY', '/x', client.authorize('PLAY', '/x'))).toEqual({ result: 'stale' });
  expect(client.challenged(server.challenges(true))).toBe(true);
  expect(server.check('PLAY', '/x', client.authorize('PLAY', '/x'))).toEqual({ result: 'ok', user: 'u' });
  expect(server.check('PLAY', '/y', client.authorize('PLAY', '/x'))).toEqual({ result: 'wrong' });
});

test('a refused answer is not repeated; a question after an accepted one is', () => {
  const client = new ClientAuthenticator({ user: 'u', password: 'p' });
  const challenge = ['Digest realm="a", nonce="1"'];
  expect(client.challenged(challenge)).toBe(true);
  client.authorize('DESCRIBE', '/x');
  expect(client.challenged(challenge)).toBe(false);
  client.accepted();
  expect(client.challenged(challenge)).toBe(true);
  expect(new ClientAuthenticator(null).challenged(challenge)).toBe(false);
});
