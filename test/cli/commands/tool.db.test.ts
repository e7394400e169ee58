import { expect, test } from 'vitest';
import { agsScope } from '../../../contracts/scopes.ts';
import { createTestDatabase } from '../../support/database.ts';
import { baseUrl, createCommandLine, toolWords } from '../command-line.ts';

const testDatabase = await createTestDatabase();
const { done, freshSlug, hub, makeTenant, makeTool } = createCommandLine(testDatabase);
const keySet = JSON.stringify({ keys: [{ kty: 'RSA', kid: 'k1', n: 'AQAB', e: 'AQAB' }] });

test('a new tool’s developer is told everything a platform has', async () => {
  const slug = freshSlug();
  const { out } = await hub(toolWords(slug));
  const { tool } = await done('tool', 'show', slug);
  for (const value of [
    tool.clientId,
    `${baseUrl}/platform/authorize`,
    `${baseUrl}/platform/token`,
    `${baseUrl}/.well-known/jwks.json`,
    `${baseUrl}/.well-known/openid-configuration`,
  ]) {
    expect(out).toContain(value);
  }
  expect(out).toMatch(/issuer: +https:\/\/hub\.example\n/);
});

test('a tool is changed, switched off and on again', async () => {
  const slug = await makeTool();
  const update = await done(
    'tool',
    'update',
    slug,
    '--presentation',
    'redirect',
    '--supports-storage',
    'yes',
  );
  expect(update.tool).toMatchObject({ presentation: 'redirect', supportsStorage: true, version: 2 });
  expect((await done('tool', 'disable', slug)).tool.status).toBe('disabled');
  expect((await done('tool', 'update', slug, '--status', 'active')).tool.status).toBe('active');
  expect((await done('tool', 'list')).tools).toContainEqual(
    expect.objectContaining({ slug, status: 'active' }),
  );
});

test('a tool’s scopes are named one by one, or none of them', async () => {
  const slug = await makeTool();
  const { score, lineItem } = agsScope;
  const update = await done('tool', 'update', slug, '--scope', score, '--scope', lineItem);
  expect(update.tool.scopes).toEqual([score, lineItem]);
  expect((await hub(['tool', 'show', slug])).out).toContain(`${score}, ${lineItem}`);
  expect((await done('tool', 'update', slug, '--scope', 'none')).tool.scopes).toEqual([]);
  expect(await hub(['tool', 'update', slug, '--scope', 'none', '--scope', score])).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('stands alone'),
  });
  expect(await hub(['tool', 'update', slug, '--scope', `${score}s`])).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining(`${score}`),
  });
});

test('pasted keys are read from a file', async () => {
  const slug = freshSlug();
  const files = {
    'keys.json': keySet,
    'text.json': 'no JSON',
    'private.json': '{"keys":[{"kty":"RSA","kid":"a","d":"x"}]}',
  };
  const words = [...toolWords(slug), '--jwks-file'];
  expect((await hub([...words, 'missing.json'], files)).err).toContain('cannot be read');
  expect(await hub([...words, 'text.json'], files)).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('JSON'),
  });
  expect(await hub([...words, 'private.json'], files)).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('private key'),
  });
  expect((await hub([...words, 'keys.json'], files)).exitCode).toBe(0);
});

test('a tool is switched on for a tenant with a policy and custom parameters, and off', async () => {
  const [tenant, tool] = [await makeTenant(), await makeTool()];
  const where = ['--tenant', tenant, '--tool', tool];
  const enabled = await done(
    'tool',
    'enable',
    ...where,
    '--policy',
    'names',
    '--custom',
    'a=1',
    '--custom',
    'b=x=y',
  );
  expect(enabled).toMatchObject({
    enablement: { policyVersion: 1, custom: { a: '1', b: 'x=y' } },
    forDeveloper: { deploymentId: enabled.enablement.deploymentId, issuer: baseUrl },
    targetLinkUri: `${baseUrl}/t/${tenant}/open/${tool}`,
  });
  expect(await hub(['tool', 'enable', ...where])).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('already'),
  });
  await done('tool', 'disable-for', ...where);
  expect(await hub(['tool', 'disable-for', ...where])).toMatchObject({ exitCode: 1 });
});

test('custom parameters are set and taken out one by one; the others stay', async () => {
  const [tenant, tool] = [await makeTenant(), await makeTool()];
  const where = ['--tenant', tenant, '--tool', tool];
  expect(await hub(['tool', 'custom', ...where, '--set', 'a=1'])).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('not on'),
  });
  await done('tool', 'enable', ...where, '--custom', 'a=1', '--custom', 'b=2');
  const { enablement } = await done(
    'tool',
    'custom',
    ...where,
    '--set',
    'c=x=y',
    '--set',
    'b=3',
    '--unset',
    'a',
  );
  expect(enablement).toMatchObject({ custom: { b: '3', c: 'x=y' }, version: 2 });
  expect(await hub(['tool', 'custom', ...where])).toMatchObject({ exitCode: 2 });
});
