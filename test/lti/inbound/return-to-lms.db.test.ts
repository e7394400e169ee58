import { expect, test } from 'vitest';
import { ltiClaim } from '../../../src/demo/lms/claims.ts';
import { returnAddress } from '../../../src/lti/inbound/return-to-lms.ts';
import { type Answer, send } from '../../demo/support/user-agent.ts';
import { claimsToldTo } from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { reasonOf } from '../../support/launch-rows.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);

/** The return URL a tool is told, when the LMS says this one. */
async function returnUrlFor(returnUrl: unknown): Promise<string | undefined> {
  const tampering = {
    claims: (claims: Record<string, unknown>) => ({
      ...claims,
      [ltiClaim('launch_presentation')]: { return_url: returnUrl },
    }),
  };
  const claims = await claimsToldTo(world, { tampering });
  return (claims[ltiClaim('launch_presentation')] as { return_url?: string }).return_url;
}

function expectNowhere(answer: Answer): void {
  expect([answer.status, answer.location, reasonOf(answer.body)]).toEqual([400, undefined, 'state_unknown']);
}

test('the way back to the LMS leads through the hub', async () => {
  const address = 'https://lms.example/courses/7?tab=a';
  const returnUrl = await returnUrlFor(address);
  expect(returnUrl).toMatch(new RegExp(`^${world.hubUrl}/return/[\\w-]{60,}$`));
  expect((await send(returnUrl!)).location).toBe(address);
});

test('a tool’s messages go along, and nothing else of its query', async () => {
  const returnUrl = await returnUrlFor('https://lms.example/courses/7?tab=a');
  const told = {
    lti_msg: 'Done & saved',
    lti_errorlog: 'E7',
    return_url: 'https://attacker.example/',
    tab: 'b',
  };
  const { location } = await send(`${returnUrl}?${new URLSearchParams(told)}`);
  expect(location).toBe('https://lms.example/courses/7?tab=a&lti_msg=Done+%26+saved&lti_errorlog=E7');
  const twice = await send(`${returnUrl}?lti_msg=a&lti_msg=b&lti_log=${'x'.repeat(1_001)}`);
  expect(twice.location).toBe('https://lms.example/courses/7?tab=a');
});

test('messages stand before a fragment', () => {
  const query = { lti_msg: 'Saved' };
  expect(returnAddress('https://lms.example/app#/course/7', query)).toBe(
    'https://lms.example/app?lti_msg=Saved#/course/7',
  );
  expect(returnAddress('https://lms.example/app?a=1#/course?x', query)).toBe(
    'https://lms.example/app?a=1&lti_msg=Saved#/course?x',
  );
});

test.each(['javascript:alert(1)', 'data:text/html,x', '//attacker.example/', '/courses', 7, ''])(
  'what is no web address is no way back: %s',
  async (address) => {
    expect(await returnUrlFor(address)).toBeUndefined();
  },
);

test('the LMS’s address stands in the way back sealed, and nobody else can make one', async () => {
  const returnUrl = (await returnUrlFor('https://lms.example/courses/7'))!;
  expect(Buffer.from(returnUrl.split('/return/')[1]!, 'base64url').toString('latin1')).not.toContain(
    'lms.example',
  );
  expectNowhere(await send(`${returnUrl.slice(0, -2)}AA`));
  expectNowhere(
    await send(
      `${world.hubUrl}/return/${Buffer.from('9999999999999 https://attacker.example/').toString('base64url')}`,
    ),
  );
  expectNowhere(await send(`${world.hubUrl}/return/nothing`));
});

test('the way back ends after a long day', async () => {
  const returnUrl = (await returnUrlFor('https://lms.example/'))!;
  world.clock.advance(11 * 3_600_000);
  expect((await send(returnUrl)).location).toBe('https://lms.example/');
  world.clock.advance(3_600_001);
  expectNowhere(await send(returnUrl));
});
