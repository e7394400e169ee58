import { expect, test } from 'vitest';
import { createTestDatabase } from './support/database.ts';
import { describeSchema } from './support/schema/describe-schema.ts';

const { superuser } = await createTestDatabase();

test('schema.sql is what the migrations make; after a change of both, "npm run schema" writes it', async () => {
  await expect(await describeSchema(superuser)).toMatchFileSnapshot('../migrations/schema.sql');
});

test('the description notices a column, a constraint, an index, a policy, a right, a function and a domain', async () => {
  let before = await describeSchema(superuser);
  for (const change of [
    'alter table tool add extra text',
    "alter table tool alter extra set default 'x'",
    "alter table tool add constraint extra_known check (extra <> '')",
    'create index tool_extra on tool (extra)',
    'create policy more on tenant for select to gatehouse_auditor using (true)',
    'grant delete on tool to gatehouse_app',
    'grant select (slug) on tool to gatehouse_directory',
    'alter table tenant no force row level security',
    'create function extra() returns integer language sql as $$ select 1 $$',
    'revoke execute on function extra() from public',
    "create domain extra as text check (value <> '')",
    'grant usage on schema pgboss to gatehouse_rollup',
  ]) {
    await superuser.query(change);
    const after = await describeSchema(superuser);
    expect(after === before, change).toBe(false);
    before = after;
  }
});
