import { expect, test } from 'vitest';
import type { Lookup } from '../../../src/platform/outbound/connector.ts';
import type { SamlServices } from '../../../src/sso/saml-connections/services.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startMetadataWorld } from './support/metadata-world.ts';

const { world, web, open, connect, publish, refresh } = await startMetadataWorld(await createTestDatabase());
const { active: old } = world.keys;

test.each([
  ['this machine', 'https://127.0.0.1/', { allowLoopback: false }],
  ['this machine by name', 'https://localhost/', { allowLoopback: false }],
  ['a cloud’s metadata service', 'https://169.254.169.254/latest/meta-data/', {}],
  ['a private network in IPv6', 'https://[fd00::1]/', {}],
  ['a mapped address', 'https://[::ffff:10.0.0.1]/', {}],
  ['a decimal address', 'https://2852039166/', {}],
  [
    'a name that leads inside',
    'https://idp.example/',
    { lookup: async () => [{ address: '10.0.0.1', family: 4 }] },
  ],
])('an address of metadata does not reach %s', async (_where, url, options) => {
  const { connectionId } = await connect({ from: 'url', url });
  await expect(refresh(connectionId, open(options))).rejects.toMatchObject({
    code: 'outbound_address_refused',
  });
});

test('a redirect of metadata leads outside only', async () => {
  const { connectionId } = await connect();
  web.answerBy((_request, response) => response.writeHead(302, { location: 'https://10.0.0.1/' }).end());
  await expect(refresh(connectionId)).rejects.toMatchObject({ code: 'outbound_address_refused' });
  web.answerBy((_request, response) => response.writeHead(302, { location: web.url }).end());
  await expect(refresh(connectionId)).rejects.toMatchObject({ code: 'outbound_redirect_refused' });
});

test('a name is asked for once: its second answer is not believed', async () => {
  const answers = ['127.0.0.1', '10.0.0.1'];
  const lookup: Lookup = async () => [{ address: answers.shift() ?? '10.0.0.1', family: 4 }];
  publish({ keys: [old] });
  const host = new URL(web.url);
  const { connectionId } = await connect();
  const rebinding = open({ lookup });
  const fetch: SamlServices['fetch'] = (request) =>
    rebinding.fetch({ ...request, url: `http://rebind.example:${host.port}/` });
  expect((await refresh(connectionId, { ...rebinding, fetch })).failure).toBeNull();
  expect(answers).toHaveLength(1);
});

test('an endless, a huge and a strange answer are given up', async () => {
  const { connectionId } = await connect();
  web.answerBy((_request, response) => response.end(Buffer.alloc(5_000_000, ' ')));
  await expect(refresh(connectionId)).rejects.toMatchObject({ code: 'outbound_too_large' });
  web.answerBy((_request, response) => response.writeHead(500).end());
  await expect(refresh(connectionId)).rejects.toMatchObject({ code: 'metadata_unavailable' });
  web.answer('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>');
  await expect(refresh(connectionId)).rejects.toMatchObject({ code: 'metadata_unreadable' });
});
