import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld } from '../support/api-world.ts';
import { writeRun } from '../support/run-rows.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const world = createApiWorld(testDatabase);
const { token } = await world.makeToken();
const [first, second] = [await world.addSchool(), await world.addSchool()];

test('partners are listed with who is connected to them, and those nobody is connected to yet', async () => {
  const { call } = await world.open();
  const { partners } = (await call('listPartners', { token })).body;
  const of = (partner: string) => partners.find((each: { partner: string }) => each.partner === partner);
  expect(of('paper-sis')).toEqual({
    ...{ partner: 'paper-sis', title: 'Paper SIS', kind: 'roster', tenants: 2, connections: 2 },
  });
  expect(of('canvas')).toMatchObject({ title: 'Canvas', kind: 'lms', tenants: 0 });
});

test('who is connected to a partner stands on pages, with the state of each connection', async () => {
  const { call } = await world.open();
  await call('pauseRoster', { token, params: { slug: second.slug, connectionId: second.connectionId } });
  const params = { partner: 'paper-sis' };
  const page = async (after?: string) =>
    (await call('listPartnerTenants', { token, params, query: { limit: '1', ...(after && { after }) } }))
      .body;
  const one = await page();
  const two = await page(one.next);
  expect(two.next).toBeNull();
  expect([...one.connections, ...two.connections]).toEqual(
    expect.arrayContaining([
      {
        ...{ slug: first.slug, name: first.slug, connectionId: first.connectionId },
        ...{ kind: 'roster', state: 'active' },
      },
      expect.objectContaining({ slug: second.slug, state: 'paused' }),
    ]),
  );
  const none = await call('listPartnerTenants', { token, params: { partner: 'nobody' } });
  expect(none.body).toEqual({ connections: [], next: null });
});

test('connectors are listed with who uses them, and by which version each has last run', async () => {
  await writeRun(superuser, first.tenantId, first.connectionId, { state: 'applied' });
  await superuser.query(`update sync_run set connector_version = '1.0.0'`);
  await writeRun(superuser, second.tenantId, second.connectionId, { state: 'applied' });
  const { call } = await world.open();
  const { connectors } = (await call('listHubConnectors', { token })).body;
  expect(connectors).toMatchObject([
    {
      ...{ id: 'paper-sis', version: '1.2.0', tenants: 2, connections: 2, delta: 'cursor' },
      lastRunVersions: [
        { version: '1.0.0', connections: 1 },
        { version: '1.2.0', connections: 1 },
      ],
    },
  ]);
});

test('with ten thousand tenants lists over all of them come within 100 ms', { timeout: 60_000 }, async () => {
  await superuser.query(`
    insert into tenant (tenant_id, slug, name, locale, status, created_at)
      select gen_random_uuid(), 'many-' || n, 'School ' || n, 'en', 'active', now() from generate_series(1, 10000) n;
    insert into connection (tenant_id, connection_id, kind, partner, name, created_at)
      select tenant_id, uuid_v7(now()), 'lms', case when length(slug) = 10 then 'moodle' else 'canvas' end, 'LMS', now()
      from tenant where slug like 'many-%';
    insert into connection (tenant_id, connection_id, kind, partner, name, created_at)
      select tenant_id, uuid_v7(now()), 'roster', 'paper-sis', 'SIS', now() from tenant where slug like 'many-%';
    insert into roster_source (tenant_id, connection_id, connector, settings, status, version, created_at, changed_at)
      select tenant_id, connection_id, 'paper-sis', '{}', 'active', 1, now(), now() from connection
      where name = 'SIS' and kind = 'roster' and not exists (select from roster_source s where s.tenant_id = connection.tenant_id
        and s.connection_id = connection.connection_id);
    insert into tool (tool_id, slug, name, client_id, login_initiation_url, target_link_uri, redirect_uris, presentation,
        supports_storage, scopes, status, version, created_at, changed_at)
      values (gen_random_uuid(), 'quiz', 'Quiz', 'quiz', 'https://quiz.example/', 'https://quiz.example/', '{https://quiz.example/}', 'framed',
        false, '{}', 'active', 1, now(), now());
    insert into release_policy (tenant_id, tool_id, version, rules, created_at)
      select tenant_id, tool_id, 1, '{}', now() from tenant, tool;
    insert into tool_enablement (tenant_id, enablement_id, tool_id, deployment_id, custom, status, policy_version, version,
        created_at, changed_at)
      select tenant_id, gen_random_uuid(), tool_id, gen_random_uuid()::text, '{}', 'active', 1, 1, now(), now()
      from tenant, tool;
    analyze;`);
  const { call } = await world.open();
  const lists = [
    ['listPartners', {}, {}],
    ['listPartnerTenants', { partner: 'canvas' }, { limit: '200' }],
    ['listHubConnectors', {}, {}],
    ['listTools', {}, {}],
    ['listToolTenants', { tool: 'quiz' }, { limit: '200', after: 'many-5' }],
  ] as const;
  for (const [name, params, query] of lists) {
    const took: number[] = [];
    while (took.length < 60 && !took.some((ms) => ms < 100)) {
      const startedAt = performance.now();
      expect((await call(name, { token, params, query })).status).toBe(200);
      took.push(performance.now() - startedAt);
    }
    // What the work itself takes: where other programs run beside it, some of the tries are longer.
    expect(Math.min(...took), `${name}: ${took.map(Math.round)} ms`).toBeLessThan(100);
  }
});
