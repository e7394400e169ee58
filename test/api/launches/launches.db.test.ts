import { expect, test } from 'vitest';
import { newId, type TenantId } from '../../../contracts/ids.ts';
import { registerTool } from '../../../src/tools/tools.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld } from '../support/api-world.ts';

const testDatabase = await createTestDatabase();
const { superuser, database } = testDatabase;
await superuser.query("select ensure_partitions('2026-11-01')");
const world = createApiWorld(testDatabase);
const [ours, theirs] = [await world.addSchool(), await world.addSchool()];
const tool = await database.withHub((tx) =>
  registerTool(
    tx,
    {
      ...{ slug: 'quiz', name: 'Quiz', loginInitiationUrl: 'https://quiz.example/login' },
      ...{ targetLinkUri: 'https://quiz.example/', redirectUris: ['https://quiz.example/launch'] },
    },
    { allowLoopback: false },
    { actor: 'test', now: world.clock.now() },
  ),
);

async function addLaunch(
  tenantId: TenantId,
  minute: number,
  given: { reference: string; outcome?: string | null; reason?: string; toolId?: string; facts?: object },
) {
  const { reference, outcome = 'success', reason = null, toolId = null, facts = {} } = given;
  const at = new Date(Date.UTC(2026, 10, 20, 8, minute));
  const launchId = newId(at.getTime());
  const state = outcome === null ? 'started' : outcome === 'success' ? 'opened' : 'refused';
  await superuser.query(
    `insert into launch (tenant_id, launch_id, reference, state, outcome, reason, tool_id, connection_id, trace, started_at, ended_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[tenantId, launchId, reference, state, outcome, reason, toolId, ours.identityId],
      ...[JSON.stringify({ facts, warnings: [] }), at, outcome === null ? null : at],
    ],
  );
  return launchId;
}

const opened = await addLaunch(ours.tenantId, 1, { reference: 'AAAA-0001', toolId: tool.toolId });
const failed = await addLaunch(ours.tenantId, 2, {
  ...{ reference: 'AAAA-0002', outcome: 'failed_config', reason: 'deployment_unknown' },
  facts: { family: 'canvas', secretClaim: 'Ada Lovelace' },
});
const underWay = await addLaunch(ours.tenantId, 3, { reference: 'AAAA-0003', outcome: null });
await addLaunch(theirs.tenantId, 2, {
  reference: 'AAAA-0002',
  outcome: 'failed_hub',
  reason: 'state_unknown',
});

const list = async (query: Record<string, string> = {}) => {
  const { call } = await world.open();
  return call('listLaunches', { token: ours.token, params: { slug: ours.slug }, query });
};
const ids = async (query: Record<string, string> = {}) =>
  (await list(query)).body.launches.map(({ launchId }: { launchId: string }) => launchId);

test.each([
  [{}, [underWay, failed, opened]],
  [{ reference: 'aaaa 0oo2' }, [failed]],
  [{ tool: 'quiz' }, [opened]],
  [{ outcome: 'success' }, [opened]],
  [{ outcome: 'failed_config' }, [failed]],
  [{ ended: 'false' }, [underWay]],
  [{ ended: 'true' }, [failed, opened]],
  [{ reason: 'deployment_unknown' }, [failed]],
  [{ since: '2026-11-20T08:02:00Z' }, [underWay, failed]],
  [{ until: '2026-11-20T08:02:00Z' }, [opened]],
  [{ connectionId: theirs.identityId }, []],
])('launches are found by %o', async (query, expected) => {
  expect(await ids(query as Record<string, string>)).toEqual(expected);
});

test('pages follow each other to the end', async () => {
  const first = (await list({ limit: '2' })).body;
  expect(first.next).toBe(failed);
  const second = (await list({ limit: '2', before: first.next })).body;
  expect(second).toMatchObject({ launches: [{ launchId: opened, tool: 'quiz' }], next: null });
});

test('a launch is told check by check, with what mends it at this LMS and nothing that it was not asked to keep', async () => {
  const { call } = await world.open();
  const params = { slug: ours.slug, reference: 'aaaa-0002' };
  const { body, text } = await call('showLaunch', { token: ours.token, params });
  expect(body.launches).toHaveLength(1);
  const [launch] = body.launches;
  expect(launch).toMatchObject({
    launchId: failed,
    family: 'canvas',
    reason: 'deployment_unknown',
    from: 'lms',
  });
  const step = launch.steps.find(({ result }: { result: string }) => result === 'failed');
  expect(step).toEqual({
    ...{ check: 'deployment', result: 'failed', specification: 'LTI Core 1.3 §3.1.3' },
    note: 'deployment_unknown',
  });
  expect(launch.explanation.advice).not.toBe('');
  expect(text).not.toContain('Ada');
});

test('one that succeeded has nothing to explain', async () => {
  const { call } = await world.open();
  const params = { slug: ours.slug, reference: 'AAAA-0001' };
  const { body } = await call('showLaunch', { token: ours.token, params });
  expect(body.launches[0]).toMatchObject({ outcome: 'success', explanation: null, tool: 'quiz' });
});

test.each([
  ['showLaunch', { reference: 'AAAA-0009' }, {}, 404, 'launch_unknown'],
  ['showLaunch', { reference: '!' }, {}, 400, 'reference_invalid'],
  ['listLaunches', {}, { reference: '!' }, 400, 'reference_invalid'],
  ['listLaunches', {}, { tool: 'nothing' }, 404, 'tool_unknown'],
  ['listLaunches', {}, { since: 'yesterday' }, 400, 'request_invalid'],
] as const)('%s of %o by %o is refused with %i %s', async (name, place, query, status, code) => {
  const { call } = await world.open();
  const params = { slug: ours.slug, ...place };
  expect(await call(name, { token: ours.token, params, query })).toMatchObject({ status, body: { code } });
});
