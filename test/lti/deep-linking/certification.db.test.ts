import { expect, test } from 'vitest';
import { knownBadLaunches, mustAcceptLaunches, type Tampering } from '../../../src/demo/lms/tampering.ts';
import { claim } from '../../../src/lti/claims.ts';
import type { ReasonCode } from '../../../src/lti/reasons.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { answerLogin, postLaunch } from '../../support/launch.ts';
import { openLogins, reasonOf } from '../../support/launch-rows.ts';
import { brokenRules } from '../inbound/broken-rules.ts';
import { askingForContent, askTool, choose, giveKeys, lmsSettings, readSentOn } from './support.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
const signing = await giveKeys(testDatabase, world.tool);

/** What a link must have and a request for content need not (Deep Linking 2.0 §4.4). */
const notNeeded = ['no roles', 'no resource link', 'no resource link id', 'no target link', 'no subject'];

/** A request for content that is spoilt like a launch. */
function spoilt(tampering: Tampering): Tampering {
  const asking = askingForContent();
  return { ...tampering, claims: (claims) => (tampering.claims ?? ((each) => each))(asking.claims!(claims)) };
}

const bad = Object.entries(knownBadLaunches).filter(([name]) => !notNeeded.includes(name));
const good = [
  ...Object.entries(mustAcceptLaunches),
  ...Object.entries(knownBadLaunches).filter(([name]) => notNeeded.includes(name)),
];

test.each(bad)('Tool: a deep linking request is refused: %s', async (name, tampering) => {
  const answered = await answerLogin(world, { person: 'ns-okafor', tampering: spoilt(tampering) });
  const refused = await postLaunch(world, answered);
  expect(refused.location).toBeUndefined();
  expect(reasonOf(refused.body)).toBe(brokenRules[name]);
  expect(await openLogins(testDatabase, answered)).toBe(0);
});

test.each(good)('Tool: a deep linking request is accepted: %s', async (_name, tampering) => {
  const { claims } = await askTool(world, { tampering: spoilt(tampering) });
  expect(claims[claim.messageType]).toBe('LtiDeepLinkingRequest');
});

const settings: [string, Record<string, unknown> | null, ReasonCode][] = [
  ['no settings', null, 'deep_linking_settings_missing'],
  ['no return address', { deep_link_return_url: undefined }, 'deep_linking_return_url_invalid'],
  ['no accepted types', { accept_types: undefined }, 'deep_linking_settings_invalid'],
  [
    'no presentation targets',
    { accept_presentation_document_targets: undefined },
    'deep_linking_settings_invalid',
  ],
];

test.each(settings)('Tool: a deep linking request is refused: %s', async (_name, changes, reason) => {
  const tampering = askingForContent(changes);
  const refused = await postLaunch(world, await answerLogin(world, { person: 'ns-okafor', tampering }));
  expect(reasonOf(refused.body)).toBe(reason);
});

const link = { type: 'ltiResourceLink', title: 'A link', url: `http://tool.localhost:${world.port}/1` };
const items: [string, Record<string, unknown>][] = [
  ['a link to the tool', link],
  ['a link with custom parameters', { ...link, custom: { one: '1', two: '$Context.id' } }],
  [
    'a link with a line item',
    {
      ...link,
      lineItem: { scoreMaximum: 87, label: 'Chapter 12 quiz', resourceId: 'xyzpdq1234', tag: 'originality' },
    },
  ],
  [
    'a link with dates',
    {
      ...link,
      available: { startDateTime: '2027-02-06T20:05:02Z', endDateTime: '2027-03-07T20:05:02Z' },
      submission: { endDateTime: '2027-03-07T20:05:02Z' },
    },
  ],
  ['a link in a frame', { ...link, iframe: { width: 1280, height: 1024 } }],
  ['a link in a window', { ...link, window: { targetName: 'examplePublisherContent', width: 800 } }],
  [
    'a web link',
    { type: 'link', title: 'Wikipedia', url: 'https://en.wikipedia.example/', embed: { html: '<b>x</b>' } },
  ],
  [
    'a file',
    {
      type: 'file',
      title: 'A file',
      url: 'https://files.example/a.pdf',
      mediaType: 'application/pdf',
      expiresAt: '2027-03-06T20:05:02Z',
    },
  ],
  ['a piece of HTML', { type: 'html', title: 'HTML', html: '<h1>A Custom Title</h1>' }],
  [
    'a picture',
    {
      type: 'image',
      url: 'https://files.example/a.png',
      width: 100,
      height: 50,
      icon: { url: 'https://files.example/i.png' },
    },
  ],
  ['a kind of the tool’s own', { type: 'https://www.example.com/custom_type', data: { one: 1 } }],
];

test.each(items)('Platform: a deep linking response reaches the LMS: %s', async (_name, item) => {
  const types = [...lmsSettings.accept_types, 'https://www.example.com/custom_type'];
  const choice = { tampering: askingForContent({ accept_types: types }) };
  const { answer } = await choose(world, signing, [item], { choice });
  const { items: sent, claims } = await readSentOn(world, answer);
  const url =
    item === link || item.type === 'ltiResourceLink'
      ? expect.stringContaining('/open/sample-tool?item=')
      : item.url;
  expect(sent).toEqual([{ ...item, ...(item.url !== undefined && { url }) }]);
  expect(claims[claim.deepLinkingData]).toBe(lmsSettings.data);
});

test('Platform: a deep linking response with all kinds of items at once reaches the LMS', async () => {
  const all = items.slice(0, -1).map(([, item]) => item);
  const { answer } = await choose(world, signing, all);
  expect((await readSentOn(world, answer)).items.map(({ type }) => type)).toEqual(
    all.map(({ type }) => type),
  );
});

test('Platform: the request says all that a tool must be told', async () => {
  const { claims, settings: told } = await askTool(world);
  for (const name of ['iss', 'aud', 'sub', 'iat', 'exp', 'nonce']) expect(claims).toHaveProperty(name);
  expect(claims).toMatchObject({ [claim.version]: '1.3.0', [claim.roles]: expect.any(Array) });
  for (const name of ['deep_link_return_url', 'accept_types', 'accept_presentation_document_targets', 'data'])
    expect(told).toHaveProperty(name);
});
