import { expect, test } from 'vitest';
import { createConsoleRouter } from '../../src/app/console-page.ts';
import { serve } from '../platform/http/support/serve.ts';

test('a hub without a built console says what to run, and frames and keeps nothing', async () => {
  const { origin } = await serve((router) => router.use(createConsoleRouter('/nowhere/console')));
  const reply = await fetch(`${origin}/console/health`);
  expect(reply.status).toBe(503);
  expect(await reply.text()).toContain('npm run build');
  expect(reply.headers.get('cache-control')).toBe('no-store');
  expect(reply.headers.get('x-frame-options')).toBe('DENY');
  expect(reply.headers.get('cross-origin-opener-policy')).toBe('same-origin');
});

test('nothing but the built assets is served from the folder', async () => {
  const here = new URL('.', import.meta.url).pathname;
  const { origin } = await serve((router) => router.use(createConsoleRouter(here)));
  for (const address of [
    '/console/assets/../console-page.test.ts',
    '/console/assets/%2e%2e%2fconsole-page.test.ts',
  ]) {
    const reply = await fetch(`${origin}${address}`);
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(await reply.text()).not.toContain('createConsoleRouter');
  }
});
