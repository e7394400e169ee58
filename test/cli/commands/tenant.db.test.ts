import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createCommandLine } from '../command-line.ts';

const testDatabase = await createTestDatabase();
const { done, hub, makeTenant } = createCommandLine(testDatabase);

test('a tenant is made, listed and shown, in words and as JSON', async () => {
  const slug = await makeTenant();
  expect((await done('tenant', 'list')).tenants).toContainEqual(
    expect.objectContaining({ slug, locale: 'en' }),
  );
  expect(await done('tenant', 'show', slug)).toMatchObject({
    tenant: { slug },
    tools: [],
    registrations: [],
  });
  const { out, exitCode } = await hub(['tenant', 'show', slug]);
  expect(exitCode).toBe(0);
  expect(out).toContain('No LMS is connected.');
});
