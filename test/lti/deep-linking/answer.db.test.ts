import { expect, test } from 'vitest';
import { ltiClaim } from '../../../src/demo/lms/claims.ts';
import { claim } from '../../../src/lti/claims.ts';
import type { ReasonCode } from '../../../src/lti/reasons.ts';
import { reachTool, verifyToken } from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { reasonOf } from '../../support/launch-rows.ts';
import { readSettings } from '../../support/pages.ts';
import {
  answerClaims,
  askingForContent,
  askTool,
  choose,
  finishAsking,
  giveKeys,
  lmsReturnUrl,
  lmsSettings,
  postAnswer,
  readSentOn,
} from './support.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
const signing = await giveKeys(testDatabase, world.tool);
const quiz = {
  type: 'ltiResourceLink',
  title: 'Cells, first quiz',
  url: `http://tool.localhost:${world.port}/quiz/1?a=b`,
  custom: { chapter: '4', name: '$Person.name.full' },
  lineItem: { label: 'Quiz', scoreMaximum: 20, resourceId: 'Quiz/1 +', tag: 'Grade' },
  iframe: { width: 800, height: 600 },
};

async function openRequests(): Promise<number> {
  const { rows } = await testDatabase.superuser.query('select count(*)::int as count from lti_deep_link');
  return rows[0].count;
}

test('the tool is asked with the hub’s own address and data, and with what the LMS takes', async () => {
  const { claims, settings } = await askTool(world);
  expect(claims).toMatchObject({
    [claim.messageType]: 'LtiDeepLinkingRequest',
    [claim.targetLinkUri]: world.tool.targetLinkUri,
    [claim.roles]: expect.arrayContaining(['http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor']),
    [claim.context]: { title: 'Biology 9, Section B' },
  });
  for (const absent of [claim.resourceLink, claim.agsEndpoint, claim.membershipService])
    expect(claims).not.toHaveProperty([absent]);
  expect(settings).toEqual({
    ...lmsSettings,
    deep_link_return_url: `${world.hubUrl}/platform/deep-linking`,
    data: expect.stringMatching(/^[\w-]{75}\.[\w-]{8}$/),
  });
  expect(JSON.stringify(claims)).not.toContain(lmsSettings.data);
  expect(JSON.stringify(claims)).not.toContain('lms.example');
});

test('an answer goes on to the LMS, signed by the hub as its tool, with the LMS’s own data unchanged', async () => {
  const messages = {
    [claim.deepLinkingMessage]: 'One quiz added',
    [claim.deepLinkingLog]: 'quiz 1',
    [claim.deepLinkingErrorLog]: 'none',
  };
  const { answer } = await choose(world, signing, [quiz], { changes: messages });
  const { action, claims, items } = await readSentOn(world, answer);
  expect(action).toBe(lmsReturnUrl);
  expect(claims).toMatchObject({
    [claim.messageType]: 'LtiDeepLinkingResponse',
    [claim.version]: '1.3.0',
    [claim.deploymentId]: world.deployments.northside,
    [claim.deepLinkingData]: lmsSettings.data,
    ...messages,
  });
  const { url, ...rest } = quiz;
  expect(items).toEqual([
    { ...rest, url: expect.stringMatching(/\/t\/northside\/open\/sample-tool\?item=/) },
  ]);
  expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  expect(answer.setCookies.join()).toContain('Max-Age=0');
});

test('a link that was handed over opens the tool at its place, with the parameters that the tool has set', async () => {
  const { answer } = await choose(world, signing, [quiz]);
  const [item] = (await readSentOn(world, answer)).items;
  const login = await reachTool(world, {
    tampering: {
      claims: (claims) => ({
        ...claims,
        [ltiClaim('target_link_uri')]: item!.url,
        [ltiClaim('custom')]: { chapter: '4', name: 'Amara Nwosu' },
      }),
    },
  });
  expect(login.initiation.target_link_uri).toBe(quiz.url);
  const { claims } = await finishAsking(world, login);
  expect(claims[claim.targetLinkUri]).toBe(quiz.url);
  // The school’s policy lets no parameter of the LMS out: what the LMS has filled in may be somebody’s name.
  expect(claims[claim.custom]).toEqual({ chapter: '4' });
});

test('a link of another school, of another tool or of nobody opens nothing', async () => {
  const { answer } = await choose(world, signing, [quiz]);
  const { items } = await readSentOn(world, answer);
  const url = String(items[0]!.url);
  const launch = (target: string, person: string, link: string) =>
    reachTool(world, {
      person,
      link,
      tampering: { claims: (claims) => ({ ...claims, [ltiClaim('target_link_uri')]: target }) },
    });
  const elsewhere = url.replace('/t/northside/', '/t/riverbend/');
  await expect(launch(elsewhere, 'rb-chen', 'rb-histogram-workshop')).rejects.toThrow('400');
  const unknown = url.replace(/item=.*/, 'item=00000000-0000-7000-8000-000000000000');
  for (const target of [unknown, url.replace(/item=.*/, 'item=x')])
    await expect(launch(target, 'ns-nwosu', 'ns-cell-lab')).rejects.toThrow('400');
});

test('an empty answer is an answer: nothing was chosen', async () => {
  for (const items of [[], undefined]) {
    const { answer } = await choose(world, signing, [], { changes: { [claim.contentItems]: items } });
    const { claims, items: sent } = await readSentOn(world, answer);
    expect(sent).toEqual([]);
    expect(claims[claim.deepLinkingData]).toBe(lmsSettings.data);
  }
});

test('an LMS that gave no data gets none', async () => {
  const choice = { tampering: askingForContent({ data: undefined }) };
  const { answer } = await choose(world, signing, [], { choice });
  expect((await readSentOn(world, answer)).claims).not.toHaveProperty([claim.deepLinkingData]);
});

test('what went wrong is read by the teacher before the choice goes on, and by the LMS', async () => {
  const error = 'The <quiz> could not be copied';
  const { answer } = await choose(world, signing, [quiz], { changes: { [claim.deepLinkingError]: error } });
  expect(answer.body).toContain('The &lt;quiz&gt; could not be copied');
  expect(answer.body).not.toContain('data-automatic');
  expect((await readSentOn(world, answer)).claims[claim.deepLinkingError]).toBe(error);
});

test('of several things an LMS that takes one gets the first, and the teacher is told', async () => {
  const choice = { tampering: askingForContent({ accept_multiple: false }) };
  const { answer } = await choose(world, signing, [quiz, { ...quiz, title: 'Second' }], { choice });
  expect((await readSentOn(world, answer)).items.map(({ title }) => title)).toEqual([quiz.title]);
  expect(answer.body).toContain('only the first one is added');
});

test('what the LMS does not take stays behind, the rest goes on, and the teacher is told', async () => {
  const choice = { tampering: askingForContent({ accept_types: ['ltiResourceLink'] }) };
  const link = { type: 'link', url: 'https://cells.example/' };
  const { answer } = await choose(world, signing, [link, quiz, link], { choice });
  expect((await readSentOn(world, answer)).items.map(({ type }) => type)).toEqual(['ltiResourceLink']);
  expect(answer.body).toContain('Not added: 2.');
});

/** Answers that are refused, and why. */
const refused: [string, Record<string, unknown>, ReasonCode][] = [
  ['another issuer', { iss: 'somebody-else' }, 'answer_issuer_mismatch'],
  ['another audience', { aud: 'https://other.example' }, 'answer_audience_mismatch'],
  ['a second audience', { aud: [world.hubUrl, 'https://other.example'] }, 'answer_audience_mismatch'],
  ['no audience', { aud: undefined }, 'answer_audience_mismatch'],
  ['expired', { exp: 1_000 }, 'answer_expired'],
  ['no expiry', { exp: undefined }, 'answer_expired'],
  ['no issue time', { iat: undefined }, 'answer_expired'],
  ['issued long ago', { iat: 1_000 }, 'answer_expired'],
  ['issued in the future', { iat: 4_000_000_000, exp: 4_000_000_060 }, 'answer_expired'],
  ['not valid yet', { nbf: 4_000_000_000 }, 'answer_expired'],
  ['valid from no time', { nbf: 'now' }, 'answer_expired'],
  ['no nonce', { nonce: undefined }, 'answer_message_invalid'],
  ['another message', { [claim.messageType]: 'LtiResourceLinkRequest' }, 'answer_message_invalid'],
  ['another version', { [claim.version]: '1.1' }, 'answer_message_invalid'],
  ['another deployment', { [claim.deploymentId]: 'x' }, 'answer_deployment_mismatch'],
  ['no deployment', { [claim.deploymentId]: undefined }, 'answer_deployment_mismatch'],
  ['no data', { [claim.deepLinkingData]: undefined }, 'answer_unknown'],
  ['data of its own', { [claim.deepLinkingData]: 'data' }, 'answer_unknown'],
  ['items that are no list', { [claim.contentItems]: 'x' }, 'answer_items_invalid'],
  [
    'an item without a type',
    { [claim.contentItems]: [{ url: 'https://a.example' }] },
    'answer_items_invalid',
  ],
  [
    'a script as a link',
    { [claim.contentItems]: [{ type: 'link', url: 'javascript:alert(1)' }] },
    'answer_items_invalid',
  ],
  [
    'a link to elsewhere',
    { [claim.contentItems]: [{ ...quiz, url: 'https://evil.example/' }] },
    'answer_item_outside_tool',
  ],
];

test.each(refused)('an answer is refused and the request stays open: %s', async (_name, changes, reason) => {
  const before = world.first.calls.length;
  const { asked, answer } = await choose(world, signing, [quiz], { changes });
  expect([reasonOf(answer.body), answer.status]).toEqual([reason, 400]);
  expect(answer.body).not.toContain('lms.example');
  const good = await signing.sign(answerClaims(world, asked, [quiz]));
  expect((await readSentOn(world, await postAnswer(world, asked, good))).items).toHaveLength(1);
  const ends = world.first.calls.slice(before).map(({ outcome, reason: code }) => [outcome, code]);
  // What names no open request is nobody's failure, and is counted elsewhere.
  expect(ends.at(-1)).toEqual(['success', null]);
  if (reason !== 'answer_unknown') expect(ends[0]?.[1]).toBe(reason);
});

test('an answer is refused that the tool has not signed with its registered key', async () => {
  const asked = await askTool(world);
  const other = await giveKeysApart();
  const claims = answerClaims(world, asked, [quiz]);
  const unsigned = `${[{ alg: 'none', kid: 'tool-key' }, claims].map(encode).join('.')}.`;
  for (const jwt of [await other(claims), await signing.sign(claims, { kid: 'unknown' }), unsigned]) {
    expect(reasonOf((await postAnswer(world, asked, jwt)).body)).toBe('answer_unsigned');
  }
  for (const jwt of ['', 'x', 'a.b.c'])
    expect(reasonOf((await postAnswer(world, asked, jwt)).body)).toBe('answer_malformed');
  expect(await openRequests()).toBeGreaterThan(0);
});

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');

async function giveKeysApart() {
  const { generateKeyPair, SignJWT } = await import('jose');
  const { privateKey } = await generateKeyPair('RS256');
  return (claims: Record<string, unknown>) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'tool-key' }).sign(privateKey);
}

test('an answer counts once, also when it comes twice at the same moment or to two copies', async () => {
  const asked = await askTool(world);
  const jwts = [
    await signing.sign(answerClaims(world, asked, [quiz])),
    await signing.sign(answerClaims(world, asked, [quiz])),
  ];
  const answers = await Promise.all(
    [jwts[0]!, jwts[0]!, jwts[1]!].map((jwt) => postAnswer(world, asked, jwt)),
  );
  const reasons = answers.map(({ body }) => reasonOf(body));
  expect(reasons.toSorted()).toEqual(['answer_unknown', 'answer_unknown', undefined]);
  expect(reasonOf((await postAnswer(world, asked, jwts[1]!)).body)).toBe('answer_unknown');
});

test('a nonce that the tool has used before is refused', async () => {
  const changes = { nonce: 'the same' };
  const first = await choose(world, signing, [quiz], { changes });
  expect(reasonOf(first.answer.body)).toBeUndefined();
  const second = await choose(world, signing, [quiz], { changes });
  expect(reasonOf(second.answer.body)).toBe('answer_repeated');
});

test('the data of one request answers no other, and no other browser may bring it', async () => {
  const [mine, theirs] = [await askTool(world), await askTool(world, { person: 'ns-whitfield' })];
  const jwt = await signing.sign(answerClaims(world, theirs, [quiz]));
  // The page asks the frames around it before it gives up.
  const asking = await postAnswer(world, theirs, jwt, { cookies: mine.cookies });
  expect(readSettings(asking.body)).toMatchObject({ proofField: 'gatehouse_proof' });
  const headers = { 'sec-fetch-site': 'same-origin' };
  for (const proof of ['', 'x']) {
    const options = { cookies: mine.cookies, headers, fields: { gatehouse_proof: proof } };
    const answer = await postAnswer(world, theirs, jwt, options);
    expect(reasonOf(answer.body)).toBe('answer_browser_unproven');
  }
  expect(reasonOf((await postAnswer(world, theirs, jwt)).body)).toBeUndefined();
});

test('an answer that comes after half a day is too late', async () => {
  const asked = await askTool(world);
  world.clock.advance(12 * 3_600_000 + 1_000);
  const jwt = await signing.sign(answerClaims(world, asked, [quiz]));
  expect(reasonOf((await postAnswer(world, asked, jwt)).body)).toBe('answer_unknown');
});

test('the cookie of the browser lives as long as the answer may take', async () => {
  const { authorized } = await askTool(world);
  expect(authorized.setCookies.join()).toMatch(/Max-Age=43200;.*Partitioned/);
  expect(await verifyToken(world, String(/value="(ey[^"]+)"/.exec(authorized.body)?.[1]))).toBeDefined();
});
