import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createCommandLine } from '../command-line.ts';

const testDatabase = await createTestDatabase();
const { done, hub, makeTenant, makeTool } = createCommandLine(testDatabase);

test('a policy is shown, changed by template and rule, and previewed', async () => {
  const [tenant, tool] = [await makeTenant(), await makeTool()];
  const where = ['--tenant', tenant, '--tool', tool];
  await done('tool', 'enable', ...where);
  const { policy } = await done(
    ...['policy', 'set', ...where, '--template', 'names'],
    ...[
      '--rule',
      'launch:person.name=drop',
      '--rule',
      'launch:person.email=hash',
      '--rule',
      'launch:custom.level=allow',
    ],
  );
  expect(policy).toMatchObject({
    version: 2,
    rules: { launch: { 'person.email': 'hash', 'custom.level': 'allow' } },
  });
  expect((await done('policy', 'show', ...where)).policy).toEqual(policy);
  const { preview } = await done('policy', 'preview', ...where);
  const seen = Object.fromEntries(
    preview.map((each: { field: string; released?: string }) => [each.field, each.released]),
  );
  expect(seen).toMatchObject({ 'person.given_name': 'Ada', 'custom.level': 'example' });
  expect(seen['person.name']).toBeUndefined();
  expect(seen['person.email']).toMatch(/^[\w-]{43}$/);
  expect((await hub(['policy', 'preview', ...where, '--purpose', 'webhook'])).out).not.toContain('Ada');
});

test('the preview for grades speaks of what a result offers', async () => {
  const [tenant, tool] = [await makeTenant(), await makeTool()];
  const where = ['--tenant', tenant, '--tool', tool];
  await done('tool', 'enable', ...where, '--policy', 'names');
  const grades = [...where, '--purpose', 'grades'];
  expect((await done('policy', 'preview', ...grades)).preview).toEqual([
    { field: 'result.comment', action: 'allow', released: 'Well done, Ada' },
  ]);
  await done('policy', 'set', ...where, '--rule', 'grades:result.comment=drop');
  expect((await hub(['policy', 'preview', ...grades])).out).not.toContain('Ada');
});

test('the preview speaks of what a launch offers, and of the parameters that are always sent', async () => {
  const [tenant, tool] = [await makeTenant(), await makeTool()];
  const where = ['--tenant', tenant, '--tool', tool];
  await done('tool', 'enable', ...where, '--custom', 'level=7');
  await done('policy', 'set', ...where, '--rule', 'launch:custom.level=allow');
  const { preview, alwaysSent } = await done('policy', 'preview', ...where);
  const fields = preview.map((each: { field: string }) => each.field);
  expect(fields.filter((field: string) => /^(platform|custom)\./.test(field))).toEqual([]);
  expect(alwaysSent).toEqual({ level: '7' });
  expect((await hub(['policy', 'preview', ...where])).out).toMatch(/custom\.level +always sent +7\n/);
  expect((await done('policy', 'preview', ...where, '--purpose', 'api')).alwaysSent).toEqual({});
});
