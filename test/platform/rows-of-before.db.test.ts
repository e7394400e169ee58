import { copyFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { HUB_TENANT } from '../../contracts/ids.ts';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { migrate } from '../../src/platform/migrate.ts';
import { makeTestFolder } from '../support/test-folder.ts';

const migrations = new URL('../../migrations/', import.meta.url);

/** A server of its own with the tables as they were before a migration. */
async function startBefore(first: string) {
  const root = await makeTestFolder();
  const folder = pathToFileURL(`${await makeTestFolder()}/`);
  for (const name of await readdir(migrations))
    if (name < first) await copyFile(new URL(name, migrations), new URL(name, folder));
  const server = await startEmbeddedPostgres({ dataDir: path.join(root, 'pg'), durable: false });
  onTestFinished(() => server.stop());
  await migrate({ url: server.url, folder });
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  onTestFinished(() => client.end());
  return { url: server.url, query: client.query.bind(client) as typeof client.query };
}

const id = (last: string) => `00000000-0000-7000-8000-0000000000${last}`;

test('rows of before keep their makers, old copies agree to nothing, and names that go are told', async () => {
  const { url, query } = await startBefore('0031');
  for (const [last, slug] of [
    ['a1', 'first'],
    ['a2', 'second'],
  ] as const)
    await query("insert into tenant (tenant_id, slug, name, created_at) values ($1, $2, 'x', now())", [
      id(last),
      slug,
    ]);
  const agreement = `insert into setup_agreement (tenant_id, agreement_id, actor, tools, agreed_at, by_link_of)
    values ($1, gen_random_uuid(), 'operator:x', '[]', now(), $2)`;
  for (const last of ['b1', 'b2']) {
    await query(
      `insert into api_token (tenant_id, token_id, token_hash, name, scopes, created_at, expires_at)
       values ($1, $2::uuid, $2::text::bytea, 'x', '{}', now(), now())`,
      [HUB_TENANT, id(last)],
    );
    await query(
      `insert into operator_link (tenant_id, link_id, token_hash, kind, name, created_at, expires_at, made_by)
       values ($1, $2::uuid, $2::text::bytea, 'invitation', 'x', now(), now(), $3)`,
      [id('a1'), id(last), `api-token:${id(last)}`],
    );
    await query(agreement, [id('a1'), `api-token:${id(last)}`]);
  }
  await query(
    `insert into audit_event (tenant_id, sequence, at, actor, action, subject, value_hash, previous_hash, hash)
     values ($1, 1, now(), 'operator:maker', 'api_token.created', $2, '', '', '')`,
    [HUB_TENANT, `api-token:${id('b1')}`],
  );
  for (const [last, age] of [
    ['a1', '2 days'],
    ['a2', '1 day'],
  ] as const)
    await query(
      `insert into tenant_domain (tenant_id, domain, challenge, created_at)
       values ($1, 'hub.school.example', 'x', now() - $2::interval)`,
      [id(last), age],
    );

  const told: string[] = [];
  await migrate({ url, onNotice: (text) => told.push(text) });
  expect(told).toEqual([
    `Name hub.school.example of tenant ${id('a2')} was never shown to lead here and is taken out: it is that of tenant ${id('a1')}.`,
  ]);
  const makers = async (sql: string) => (await query(sql)).rows.map((row) => row.by as string[]);
  expect(await makers('select made_by as by from api_token order by token_id')).toEqual([
    ['operator:maker'],
    [],
  ]);
  for (const [table, column] of [
    ['operator_link', 'made_by'],
    ['setup_agreement', 'by_link_of'],
  ] as const) {
    const found = await makers(`select behind as by from ${table} order by ${column}`);
    expect(found).toEqual([['operator:maker'], ['unknown']]);
  }
  await expect(query(agreement, [id('a1'), null])).rejects.toMatchObject({ code: '23514' });
});
