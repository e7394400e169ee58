import { expect, test } from 'vitest';
import { send } from '../../demo/support/user-agent.ts';
import { authenticationRequest, reachTool, sendAuthorize } from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { reasonOf } from '../../support/launch-rows.ts';
import { endOf, registerOtherTool } from '../../support/tool-login.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
const redirectUri = world.tool.redirectUris[0]!;
await registerOtherTool(testDatabase);

const wrongAddresses: Record<string, Record<string, string | undefined>> = {
  'another site': { redirect_uri: 'https://attacker.example/launch' },
  'a longer path': { redirect_uri: `${redirectUri}/` },
  'a query': { redirect_uri: `${redirectUri}?x=1` },
  'capitals in the host': { redirect_uri: redirectUri.replace('tool.', 'TOOL.') },
  'white space': { redirect_uri: ` ${redirectUri}` },
  'another tool’s address': { redirect_uri: 'https://other.example/launch' },
  'no address': { redirect_uri: undefined },
  'another site, in a request that is wrong besides': {
    redirect_uri: 'https://attacker.example/launch',
    scope: 'profile',
    lti_message_hint: 'nonsense',
  },
};

test.each(Object.entries(wrongAddresses))(
  'nothing is sent to an address that is not registered: %s',
  async (_name, changes) => {
    const login = await reachTool(world);
    const request = authenticationRequest(world, login, changes);
    const answer = await sendAuthorize(world, request, { cookies: login.cookies });
    expect(reasonOf(answer.body)).toBe('redirect_uri_mismatch');
    expect([answer.status, answer.location]).toEqual([400, undefined]);
    expect(answer.body).not.toContain('<form');
  },
);

test('an address given twice is none', async () => {
  const login = await reachTool(world);
  const query = new URLSearchParams(authenticationRequest(world, login));
  const answer = await send(
    `${world.hubUrl}/platform/authorize?${query}&${new URLSearchParams({ redirect_uri: redirectUri })}`,
    {
      cookies: login.cookies,
    },
  );
  expect(reasonOf(answer.body)).toBe('redirect_uri_mismatch');
});

test.each([{ client_id: 'nobody' }, { client_id: undefined }])(
  'a client nobody knows gets a page: %o',
  async (changes) => {
    const login = await reachTool(world);
    const request = authenticationRequest(world, login, changes);
    const answer = await sendAuthorize(world, request, { cookies: login.cookies });
    expect([answer.status, reasonOf(answer.body)]).toEqual([400, 'client_unknown']);
    expect(answer.body).not.toContain('<form');
    expect(await endOf(testDatabase, login)).toEqual(['refused', 'client_unknown']);
  },
);
