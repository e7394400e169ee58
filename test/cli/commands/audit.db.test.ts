import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createCommandLine } from '../command-line.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const { done, hub, makeTenant, makeTool } = createCommandLine(testDatabase);

test('an audit trail is exported and verified, and a change of it is noticed', async () => {
  const tenant = await makeTenant();
  const files: Record<string, string> = {};
  await hub(['audit', 'export', '--tenant', tenant, '--file', 'a.jsonl'], files);
  expect((await hub(['audit', 'verify', 'a.jsonl'], files)).out).toContain('Whole: 1 events');
  files['b.jsonl'] = (files['a.jsonl'] ?? '').replace('tenant.created', 'tenant.removed');
  const broken = await hub(['audit', 'verify', 'b.jsonl', '--json'], files);
  expect(broken.exitCode).toBe(1);
  expect(JSON.parse(broken.err).error).toMatchObject({ code: 'audit_broken', details: { line: 2 } });
  await makeTool();
  expect((await hub(['audit', 'export', '--file', 'hub.jsonl'], files)).exitCode).toBe(0);
  expect(files['hub.jsonl']).toContain('tool.registered');
});

test('a change carries the command and the reason into the audit trail', async () => {
  const slug = await makeTool();
  await done('tool', 'disable', slug, '--reason', 'contract ended');
  const { rows } = await superuser.query(
    `select actor, reason from audit_event join audit_value using (tenant_id, sequence)
     where action = 'tool.updated' order by sequence desc limit 1`,
  );
  expect(rows).toEqual([{ actor: 'command:tool.disable', reason: 'contract ended' }]);
});
