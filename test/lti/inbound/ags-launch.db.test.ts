import { expect, test } from 'vitest';
import { agsScope } from '../../../contracts/scopes.ts';
import { ltiClaim } from '../../../src/demo/lms/claims.ts';
import { claim } from '../../../src/lti/claims.ts';
import type { TenantTx } from '../../../src/platform/db.ts';
import { claimsToldTo } from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { answerLogin, postLaunch } from '../../support/launch.ts';
import { launchSentOn } from '../../support/launch-rows.ts';

const testDatabase = await createTestDatabase();
const { superuser, database } = testDatabase;

/** Statements that store a launch: the common one, and the one that also meets what is new. */
const stored: ('common' | 'meeting')[] = [];
const counted = <Tx extends TenantTx>(tx: Tx): Tx => ({
  ...tx,
  exec: (statement) => {
    const text = JSON.stringify(statement);
    if (text.includes('insert into launch')) stored.push(text.includes('met_link') ? 'meeting' : 'common');
    return tx.exec(statement);
  },
});
const counting: typeof database = {
  ...database,
  tenant: (tenantId, options) => {
    const tx = counted(database.tenant(tenantId, options));
    return { ...tx, alone: counted(tx.alone) };
  },
};
const world = await startHubWorld({ ...testDatabase, database: counting });

const lms = 'https://lms.example/courses/7';
const scopes = [agsScope.lineItem, agsScope.score];

interface Choice {
  endpoint?: Record<string, unknown> | undefined;
  link?: string;
  context?: string | undefined;
}

function tampering({ endpoint, link = 'link', context = 'course' }: Choice) {
  const changes = {
    [claim.agsEndpoint]: endpoint,
    [ltiClaim('resource_link')]: { id: link, title: 'Quiz' },
    [ltiClaim('context')]: { id: context, title: 'Course' },
  };
  return { claims: (claims: Record<string, unknown>) => ({ ...claims, ...changes }) };
}

async function launch(choice: Choice) {
  stored.length = 0;
  const answered = await answerLogin(world, { tampering: tampering(choice) });
  return launchSentOn(testDatabase, await postLaunch(world, answered));
}

const told = async (choice: Choice) =>
  (await claimsToldTo(world, { tampering: tampering(choice) }))[claim.agsEndpoint] as
    | Record<string, unknown>
    | undefined;

async function course(context: string) {
  const { rows } = await superuser.query(
    'select context_id, line_items_url, ags_scopes from lti_context where lms_context_id = $1',
    [context],
  );
  return rows[0];
}

async function items(lmsUrl: string) {
  const { rows } = await superuser.query('select * from line_item where lms_url = $1', [lmsUrl]);
  return rows;
}

test('what the LMS opens is remembered, and the same launch again only reads', async () => {
  const endpoint = { scope: scopes, lineitems: `${lms}/items`, lineitem: `${lms}/items/1` };
  const choice = { endpoint, link: 'same', context: 'same' };
  const first = await launch(choice);
  expect(stored).toEqual(['common', 'meeting']);
  await launch(choice);
  expect(stored).toEqual(['common']);
  expect(await course('same')).toEqual({
    context_id: first.context_id,
    line_items_url: `${lms}/items`,
    ags_scopes: scopes,
  });
  const [item, ...others] = await items(`${lms}/items/1`);
  expect(others).toEqual([]);
  const { rows } = await superuser.query(
    'select resource_link_id, line_item_id from lti_resource_link where lms_resource_link_id = $1',
    ['same'],
  );
  expect(rows).toEqual([{ resource_link_id: item.resource_link_id, line_item_id: item.line_item_id }]);
  expect(item).toMatchObject({ context_id: first.context_id, tool_id: world.tool.toolId, status: 'active' });
});

test('the tool is told the hub’s line item, the same at every launch', async () => {
  const endpoint = { scope: scopes, lineitems: `${lms}/items`, lineitem: `${lms}/items/2` };
  const choice = { endpoint, link: 'told', context: 'told' };
  const first = await told(choice);
  const [item] = await items(`${lms}/items/2`);
  const { context_id } = await course('told');
  const lineitems = `${world.hubUrl}/t/northside/ags/${context_id}/lineitems`;
  expect(first).toEqual({
    scope: [agsScope.lineItem, agsScope.lineItemReadonly, agsScope.score],
    lineitems,
    lineitem: `${lineitems}/${item.line_item_id}`,
  });
  expect(await told(choice)).toEqual(first);
});

test('a launch in which the LMS is silent erases nothing, and the tool hears nothing either', async () => {
  const endpoint = { scope: scopes, lineitems: `${lms}/silent`, lineitem: `${lms}/silent/1` };
  const choice = { link: 'silent', context: 'silent' };
  await launch({ ...choice, endpoint });
  expect(await told(choice)).toBeUndefined();
  await launch(choice);
  expect(stored).toEqual(['common']);
  expect(await course('silent')).toMatchObject({ line_items_url: `${lms}/silent`, ags_scopes: scopes });
  await launch({ ...choice, endpoint });
  expect(stored).toEqual(['common']);
});

test('a claim that lacks its scopes takes none back', async () => {
  const endpoint = { scope: scopes, lineitems: `${lms}/scopes` };
  const choice = { link: 'scopes', context: 'scopes' };
  await launch({ ...choice, endpoint });
  await launch({ ...choice, endpoint: { lineitems: `${lms}/scopes` } });
  expect(stored).toEqual(['common']);
  expect(await course('scopes')).toMatchObject({ ags_scopes: scopes });
});

test('a link whose LMS no longer names exactly one line item is told of none', async () => {
  const endpoint = { scope: scopes, lineitems: `${lms}/many`, lineitem: `${lms}/many/1` };
  const choice = { link: 'many', context: 'many' };
  expect(await told({ ...choice, endpoint })).toHaveProperty('lineitem');
  expect(await told({ ...choice, endpoint: { ...endpoint, lineitem: '' } })).not.toHaveProperty('lineitem');
  expect(await items(`${lms}/many/1`)).toHaveLength(1);
});

test('addresses, scopes and line items that change are followed', async () => {
  const choice = { link: 'moves', context: 'moves' };
  await launch({ ...choice, endpoint: { scope: scopes, lineitems: `${lms}/a`, lineitem: `${lms}/a/1` } });
  const moved = { scope: [agsScope.score], lineitems: `${lms}/b`, lineitem: `${lms}/b/1` };
  const now = await told({ ...choice, endpoint: moved });
  expect(await course('moves')).toMatchObject({ line_items_url: `${lms}/b`, ags_scopes: [agsScope.score] });
  const [item] = await items(`${lms}/b/1`);
  expect(String(now?.lineitem)).toContain(item.line_item_id);
  expect(await items(`${lms}/a/1`)).toMatchObject([{ status: 'active' }]);
});

test('a line item that was deleted here and is named again is active again, under its id', async () => {
  const endpoint = { scope: scopes, lineitems: `${lms}/again`, lineitem: `${lms}/again/1` };
  const choice = { endpoint, link: 'again', context: 'again' };
  await launch(choice);
  const [before] = await items(`${lms}/again/1`);
  await superuser.query(`update line_item set status = 'deleted' where line_item_id = $1`, [
    before.line_item_id,
  ]);
  await launch(choice);
  expect(stored).toEqual(['common', 'meeting']);
  expect(await items(`${lms}/again/1`)).toMatchObject([
    { line_item_id: before.line_item_id, status: 'active' },
  ]);
});

test('one line item behind two links has one id', async () => {
  const endpoint = { scope: scopes, lineitem: `${lms}/shared/1` };
  const [one, two] = [
    await told({ endpoint, link: 'shared-1', context: 'shared' }),
    await told({ endpoint, link: 'shared-2', context: 'shared' }),
  ];
  expect(one?.lineitem).toBe(two?.lineitem);
  expect(one).not.toHaveProperty('lineitems');
  await launch({ endpoint, link: 'shared-1', context: 'shared' });
  expect(stored).toEqual(['common']);
});

test('a class that opens its first quiz together meets one line item', async () => {
  const endpoint = { scope: scopes, lineitems: `${lms}/class`, lineitem: `${lms}/class/1` };
  const choice = tampering({ endpoint, link: 'class', context: 'class' });
  const people = ['ns-nwosu', 'ns-fischer', 'ns-nwosu', 'ns-fischer'];
  const answered = await Promise.all(
    people.map((person) => answerLogin(world, { person, tampering: choice })),
  );
  const replies = await Promise.all(answered.map((each) => postLaunch(world, each)));
  expect(replies.map(({ status }) => status)).toEqual([303, 303, 303, 303]);
  expect(await items(`${lms}/class/1`)).toHaveLength(1);
});

test('what cannot be read is left out of the launch and noted in its trace', async () => {
  const endpoint = { scope: scopes, lineitems: `${lms}/noted`, lineitem: 'http://elsewhere.example/1' };
  const row = await launch({ endpoint, link: 'noted', context: 'noted' });
  expect(row.trace.warnings).toContain('ags_malformed');
  expect(await course('noted')).toMatchObject({ line_items_url: `${lms}/noted` });
  expect(await items('http://elsewhere.example/1')).toEqual([]);
});

test('a launch whose login is gone meets no line item', async () => {
  const endpoint = { scope: scopes, lineitems: `${lms}/items`, lineitem: `${lms}/never/1` };
  const choice = { endpoint, link: 'same', context: 'same' };
  const answered = await answerLogin(world, { tampering: tampering(choice) });
  await superuser.query('delete from lti_login');
  expect((await postLaunch(world, answered)).status).toBe(400);
  expect(await items(`${lms}/never/1`)).toEqual([]);
});
