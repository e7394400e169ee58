import { expect, test } from 'vitest';
import { agsScope } from '../../../contracts/scopes.ts';
import { mediaType } from '../../../src/lti/ags/media-types.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startAgsWorld } from './support/ags-world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;

/** Round trips to the database. */
let trips = 0;
const world = await startAgsWorld(testDatabase, {
  watch: (database) => ({
    ...database,
    tenant: (tenantId, options) => {
      const tx = database.tenant(tenantId, options);
      return {
        ...tx,
        exec: (statement) => {
          trips++;
          return tx.exec(statement);
        },
        maybeOne: (statement, row) => {
          trips++;
          return tx.maybeOne(statement, row);
        },
        one: (statement, row) => {
          trips++;
          return tx.one(statement, row);
        },
        many: (statement, row) => {
          trips++;
          return tx.many(statement, row);
        },
      };
    },
    withTenant: (tenantId, work) => {
      trips++;
      return database.withTenant(tenantId, work);
    },
  }),
});
const { addItem, addPerson, call, pathOf } = world;
const { course } = await world.addSchool('north');
const item = await addItem(course, 'https://lms.example/items/1');
const scores = pathOf(course, `/${item}/scores`);

/** A new pupil, so that no test waits for the timestamps of another. */
const pupil = () => addPerson(course, crypto.randomUUID());

const scoreOf = (userId: string, changes: Record<string, unknown> = {}) => ({
  userId,
  scoreGiven: 83,
  scoreMaximum: 100,
  comment: 'Exceptional',
  activityProgress: 'Completed',
  gradingProgress: 'FullyGraded',
  timestamp: '2026-03-01T08:15:30.123Z',
  ...changes,
});

const send = (body: unknown, options: Parameters<typeof call>[1] = {}) =>
  call(scores, { method: 'POST', type: mediaType.score, body, ...options });

async function deliveries(sub: string) {
  const { rows } = await superuser.query(
    `select d.state, d.score, d.line_item_id from grade_delivery d join pseudonym p using (tenant_id, person_id)
     where p.sub = $1 order by d.delivery_id`,
    [sub],
  );
  return rows;
}

test('a score is on disk when the tool is told so', async () => {
  const sub = await pupil();
  const { status, json, headers } = await send(scoreOf(sub));
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/json');
  const resultUrl = `${world.issuer}${pathOf(course, `/${item}/results`)}?user_id=${sub}`;
  expect(json).toEqual({ resultUrl });
  const { userId: _userId, ...kept } = scoreOf(sub);
  expect(await deliveries(sub)).toEqual([{ state: 'pending', score: kept, line_item_id: item }]);
});

test('a score that is taken costs one round trip', async () => {
  const sub = await pupil();
  await send(scoreOf(sub, { timestamp: '2026-03-01T08:00:00Z' }));
  trips = 0;
  expect((await send(scoreOf(sub))).status).toBe(200);
  expect(trips).toBe(1);
});

test.each([
  ['zero', { scoreGiven: 0 }],
  ['null, which clears', { scoreGiven: null }],
  ['absent, which clears', { scoreGiven: undefined, scoreMaximum: undefined }],
  ['above the maximum', { scoreGiven: 110.5 }],
  ['with a comment of 30,000 characters', { comment: 'ä'.repeat(30_000) }],
  ['without a comment', { comment: undefined }],
  [
    'not graded yet',
    { scoreGiven: undefined, gradingProgress: 'PendingManual', activityProgress: 'Submitted' },
  ],
  ['with a member of an extension', { 'https://tool.test/score': { originality: 94 } }],
  ['with when it was submitted', { submission: { submittedAt: '2026-03-01T08:00:00+00:00' } }],
  ['at +00', { timestamp: '2026-03-01T08:15:30.123+00' }],
  ['at whole seconds', { timestamp: '2026-03-01T08:15:30Z' }],
])('a score that is %s is taken as it is', async (_name, changes) => {
  const sub = await pupil();
  const { userId: _userId, ...sent } = scoreOf(sub, changes);
  expect((await send({ userId: sub, ...sent })).status).toBe(200);
  expect((await deliveries(sub)).map(({ score }) => score)).toEqual([JSON.parse(JSON.stringify(sent))]);
});

test('null where a member may be left out means that it is left out', async () => {
  const sub = await pupil();
  const nulls = { scoreGiven: null, scoreMaximum: null, scoringUserId: null, submission: null };
  expect((await send(scoreOf(sub, nulls))).status).toBe(200);
  const [stored] = await deliveries(sub);
  const left = ['scoreGiven', 'activityProgress', 'gradingProgress', 'timestamp', 'comment'];
  expect(Object.keys(stored.score)).toEqual(left);
  const later = { timestamp: '2026-03-01T08:15:31.5Z', submission: { startedAt: null, submittedAt: null } };
  expect((await send(scoreOf(sub, later))).status).toBe(200);
});

test('what looks like a name of the language’s own stays data', async () => {
  const sub = await pupil();
  const text = JSON.stringify(scoreOf(sub)).replace('{', '{"__proto__":{"userId":"other"},"constructor":1,');
  expect((await send(text)).status).toBe(200);
  expect((await deliveries(sub)).map(({ score }) => Object.keys(score))).toEqual([
    expect.not.arrayContaining(['__proto__']),
  ]);
});

test('the same score again is the same success, and is stored once', async () => {
  const sub = await pupil();
  const answers = [await send(scoreOf(sub)), await send(scoreOf(sub))];
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(await deliveries(sub)).toHaveLength(1);
});

test('an older score, and another one of the same time, are conflicts that change nothing', async () => {
  const sub = await pupil();
  await send(scoreOf(sub));
  const older = await send(scoreOf(sub, { timestamp: '2026-03-01T08:15:30.122Z' }));
  expect([older.status, older.json.code]).toEqual([409, 'score_stale']);
  const other = await send(scoreOf(sub, { scoreGiven: 84 }));
  expect([other.status, other.json.code]).toEqual([409, 'score_timestamp_used']);
  expect(await deliveries(sub)).toHaveLength(1);
});

test.each([
  ['no userId', { userId: undefined }, 'userId'],
  ['a userId that is a number', { userId: 7 }, 'userId'],
  ['no timestamp', { timestamp: undefined }, 'timestamp'],
  ['a timestamp without a zone', { timestamp: '2026-03-01T08:15:30.123' }, 'timestamp'],
  ['a timestamp before all calendars', { timestamp: '0000-01-01T00:00:00.000Z' }, 'timestamp'],
  ['a timestamp after all calendars', { timestamp: '9999-12-31T23:59:59.900-12:00' }, 'timestamp'],
  ['no activityProgress', { activityProgress: undefined }, 'activityProgress'],
  ['an unknown activityProgress', { activityProgress: 'Done' }, 'activityProgress'],
  ['an unknown gradingProgress', { gradingProgress: 'Graded' }, 'gradingProgress'],
  ['a score below 0', { scoreGiven: -1 }, 'scoreGiven'],
  ['a score as text', { scoreGiven: '83' }, 'scoreGiven'],
  ['a score without its maximum', { scoreMaximum: undefined }, 'scoreMaximum'],
  ['a maximum of 0', { scoreMaximum: 0 }, 'scoreMaximum'],
  ['a comment that is no text', { comment: { html: 'x' } }, 'comment'],
])('%s is refused by name', async (_name, changes, member) => {
  const sub = await pupil();
  const { status, json, headers } = await send({ ...scoreOf(sub), ...changes });
  expect([status, json.code, json.details.issues[0]!.path]).toEqual([400, 'score_invalid', member]);
  expect(headers.get('content-type')).toContain('application/problem+json');
  expect(await deliveries(sub)).toEqual([]);
});

test.each([
  ['cut off', '{"userId":'],
  ['nothing', ''],
  ['two values', '{}{}'],
  ['no JSON', 'userId=1'],
])('a body that is %s is refused as malformed', async (_name, body) => {
  const { status, json } = await send(body);
  expect([status, json.code]).toEqual([400, 'json_malformed']);
});

test('a body that is too deep, or too large, is refused', async () => {
  const deep = await send(`{"https://tool.test/x":${'['.repeat(100)}${']'.repeat(100)}}`);
  expect([deep.status, deep.json.code]).toEqual([400, 'json_too_deep']);
  const large = await send({ 'https://tool.test/x': 'x'.repeat(512 * 1024) });
  expect([large.status, large.json.code]).toEqual([413, 'body_too_large']);
});

test.each([
  'application/json',
  'application/vnd.ims.lis.v2.score+json',
  'application/vnd.ims.lis.v1.scorecontainer+json',
])('a score of type %s is refused', async (type) => {
  const { status, json } = await send(scoreOf(await pupil()), { type });
  expect([status, json.code]).toEqual([415, 'unsupported_media_type']);
});

test('a user the tool has never met is not found, also by the LMS’s own name for them', async () => {
  const subject = crypto.randomUUID();
  await addPerson(course, subject, null);
  const theirs = await addPerson(course, crypto.randomUUID(), world.otherTool.toolId);
  for (const userId of [subject, theirs, 'nobody']) {
    const { status, json } = await send(scoreOf(userId));
    expect([status, json.code]).toEqual([404, 'user_unknown']);
  }
});

test('text that the database could never read again is refused, wherever it stands', async () => {
  const sub = await pupil();
  for (const text of ['x\u0000', '\ud800']) {
    for (const changes of [
      { userId: text },
      { comment: text },
      { scoringUserId: text },
      { 'https://tool.test/x': { [text]: 1 } },
      { 'https://tool.test/x': ['fine', text] },
    ]) {
      const { status, json } = await send(scoreOf(sub, changes));
      expect([status, json.code]).toEqual([400, 'json_text_refused']);
    }
  }
  expect(await deliveries(sub)).toEqual([]);
  expect((await send(scoreOf(sub, { comment: 'Well done \u{1f600}' }))).status).toBe(200);
});

test('a line item that was deleted takes no score', async () => {
  const gone = await addItem(course, 'https://lms.example/items/gone');
  await superuser.query(`update line_item set status = 'deleted' where line_item_id = $1`, [gone]);
  const reply = await call(pathOf(course, `/${gone}/scores`), {
    method: 'POST',
    type: mediaType.score,
    body: scoreOf(await pupil()),
  });
  expect([reply.status, reply.json.code]).toEqual([404, 'line_item_unknown']);
});

test('only the scope for scores lets one in, before its body is looked at', async () => {
  for (const scope of [agsScope.lineItem, agsScope.lineItemReadonly, agsScope.resultReadonly]) {
    const { status, json, headers } = await send('no JSON', { scopes: [scope] });
    expect([status, json.code]).toEqual([403, 'insufficient_scope']);
    expect(headers.get('www-authenticate')).toContain(`scope="${agsScope.score}"`);
  }
  expect((await send(scoreOf(await pupil()), { scopes: [agsScope.score] })).status).toBe(200);
});

test('the log holds ids and no word of the score', async () => {
  const sub = await pupil();
  const timestamp = '2026-03-01T09:00:00.5Z';
  await send(scoreOf(sub, { scoreGiven: 83.0625, timestamp }));
  const { deliveryId } = world.accepted.at(-1) as { deliveryId: string };
  // A line is written once its answer is on its way.
  const lineOf = () => world.lines.find((each) => each.deliveryId === deliveryId);
  await expect.poll(lineOf).toBeDefined();
  const line = lineOf();
  expect(line).toMatchObject({
    route: '/t/:slug/ags/:contextId/lineitems/:lineItemId/scores',
    tenantId: course.tenantId,
    toolId: world.tool.toolId,
  });
  for (const word of ['Exceptional', '83.0625', timestamp, sub])
    expect(JSON.stringify(line)).not.toContain(word);
});

test('the log tells of a timestamp without the fraction that AGS asks for', async () => {
  for (const timestamp of ['2026-03-01T09:00:00Z', '2026-03-01T09:00:00.0Z']) {
    await send(scoreOf(await pupil(), { timestamp }));
    const { deliveryId } = world.accepted.at(-1) as { deliveryId: string };
    const lineOf = () => world.lines.find((each) => each.deliveryId === deliveryId);
    await expect.poll(lineOf).toBeDefined();
    const told = timestamp.includes('.') ? undefined : 'timestamp_without_fraction';
    expect(lineOf()!.reason).toBe(told);
  }
});
