import { randomBytes } from 'node:crypto';
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';
import { newId, type ToolId } from '../../../contracts/ids.ts';
import { createAccessTokens } from '../../../src/lti/token/access-token.ts';

const secret = randomBytes(32);
const issuer = 'https://hub.example';
const time = { now: Date.UTC(2025, 8, 1) };
const clock = { now: () => time.now };
const open = (more: object = {}) => createAccessTokens({ secret, issuer, clock, ...more });
const grant = {
  toolId: newId<ToolId>(),
  clientId: 'client-1',
  scopes: ['a', 'b'],
  deploymentId: undefined,
};
const invalid = { ok: false, refusal: 'token_invalid' };

test('a token says the same again as it was issued with, at any copy', async () => {
  const { token, expiresIn } = await open().issue(grant);
  expect(expiresIn).toBe(3600);
  expect(await open().read(`Bearer ${token}`)).toEqual({ ok: true, grant });
  const narrowed = await open().issue({ ...grant, deploymentId: 'd-1' });
  expect(await open().read(`bearer  ${narrowed.token}`)).toEqual({
    ok: true,
    grant: { ...grant, deploymentId: 'd-1' },
  });
});

test('two tokens of one grant differ', async () => {
  const tokens = open();
  expect((await tokens.issue(grant)).token).not.toBe((await tokens.issue(grant)).token);
});

test.each([undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b', 'a.b.c'])(
  'authorization %o has no token',
  async (authorization) => {
    expect(await open().read(authorization)).toEqual({ ok: false, refusal: 'token_missing' });
  },
);

test('a token lives the hour that is told and a minute more, also where it has been read before', async () => {
  const tokens = open();
  const { token } = await tokens.issue(grant);
  time.now += 3_659_000;
  expect(await open().read(`Bearer ${token}`)).toMatchObject({ ok: true });
  expect(await tokens.read(`Bearer ${token}`)).toMatchObject({ ok: true });
  time.now += 1_000;
  const expired = { ok: false, refusal: 'token_expired' };
  expect(await tokens.read(`Bearer ${token}`)).toEqual(expired);
  expect(await open().read(`Bearer ${token}`)).toEqual(expired);
});

test('a token of another secret or another hub is none', async () => {
  const { token } = await open().issue(grant);
  expect(await open({ secret: randomBytes(32) }).read(`Bearer ${token}`)).toEqual(invalid);
  expect(await open({ issuer: 'https://other.example' }).read(`Bearer ${token}`)).toEqual(invalid);
});

test('a changed token is none, also after the right one was read', async () => {
  const tokens = open();
  const { token } = await tokens.issue(grant);
  await tokens.read(`Bearer ${token}`);
  const [header, payload, signature] = token.split('.') as [string, string, string];
  const more = Buffer.from(JSON.stringify({ ...decodeJwt(token), scope: 'a b c' })).toString('base64url');
  for (const forged of [
    `${header}.${more}.${signature}`,
    `${header}.${payload}.`,
    `${header}.${payload}`,
    new UnsecuredJWT(decodeJwt(token)).encode(),
    'x',
  ]) {
    expect(await tokens.read(`Bearer ${forged}`)).toEqual(invalid);
  }
});

test('nobody signs one with the secret itself, and no other kind of token is taken for one', async () => {
  const { token } = await open().issue(grant);
  for (const typ of ['at+jwt', 'JWT']) {
    const forged = await new SignJWT(decodeJwt(token)).setProtectedHeader({ alg: 'HS256', typ }).sign(secret);
    expect(await open().read(`Bearer ${forged}`)).toEqual(invalid);
  }
});
