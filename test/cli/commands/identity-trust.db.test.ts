import { beforeEach, expect, test } from 'vitest';
import { createTestKey } from '../../sso/saml/support/keys.ts';
import { pem, writeMetadata } from '../../sso/saml-connections/support/metadata.ts';
import { createTestDatabase } from '../../support/database.ts';
import { baseUrl, clock, createCommandLine } from '../command-line.ts';

const { done, hub, makeTenant } = createCommandLine(await createTestDatabase());
const [first, second] = [await createTestKey('first'), await createTestKey('second')];
const files = {
  'saml.json': '{"metadata":{"from":"file"}}',
  'url.json': '{"metadata":{"from":"url","url":"https://idp.example/metadata"}}',
  'first.xml': writeMetadata({ keys: [first] }),
  'second.xml': writeMetadata({ keys: [second] }),
  'second.pem': pem(second),
  nothing: 'nothing',
};
let at: string[];
let slug: string;

beforeEach(async () => {
  slug = await makeTenant();
  at = ['--tenant', slug];
});

const connect = (settings = 'saml.json') =>
  hub(
    [
      'identity',
      'connect',
      ...at,
      '--protocol',
      'saml',
      '--preset',
      'entra',
      '--name',
      'Entra',
      '--settings',
      settings,
    ],
    files,
  );

async function connected(): Promise<string> {
  expect((await connect()).err).toBe('');
  return (await done('identity', 'list', ...at)).identities[0].connectionId;
}

/** A command about a connection. */
const run = (verb: string, id: string, ...words: string[]) =>
  hub(['identity', verb, id, ...at, ...words], files);

test('certificates that end soon are told where connections and certificates are shown', async () => {
  const soon = await createTestKey('soon', new Date(clock.now() + 5 * 86_400_000));
  const id = await connected();
  expect((await hub(['identity', 'show', id, ...at])).out).not.toContain('Warning');
  await hub(['identity', 'certificate-add', id, ...at, '--file', 'soon.pem'], { 'soon.pem': pem(soon) });
  const sentence = /Warning: Their certificate \(CN=soon\) ends on 2025-09-06, in 7 days or less\./;
  for (const verb of ['show', 'certificates']) {
    expect((await hub(['identity', verb, id, ...at])).out).toMatch(sentence);
  }
  expect((await done('identity', 'show', id, ...at)).identity.warnings).toMatchObject([
    { whose: 'theirs', days: 7 },
  ]);
  const { warnings } = await done('identity', 'certificates', id, ...at);
  expect(warnings).toMatchObject([{ kind: 'expires', fingerprint: soon.certificate.fingerprint }]);
  expect((await hub(['identity', 'list', ...at])).out).toMatch(/ {2}1$/m);
});

test('what comes next after connecting depends on where metadata comes from', async () => {
  expect((await connect()).out).toContain('identity metadata-give ');
  expect((await connect('url.json')).out).toContain('identity metadata-refresh ');
});

test('the institution is told our addresses, and what it has to send', async () => {
  const id = await connected();
  const { out } = await run('describe', id);
  const own = `${baseUrl}/t/${slug}/saml/${id}`;
  expect(out).toContain(`${own}/metadata`);
  expect(out).toContain(`${own}/acs`);
  expect(out).toContain('objectidentifier');
  expect((await done('identity', 'describe', id, ...at)).ownSide.addresses).toContainEqual(
    expect.objectContaining({ value: `${own}/slo` }),
  );
});

test('metadata is handed over, its difference shown, and agreed to by name', async () => {
  const id = await connected();
  expect(await run('metadata', id)).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('hand it over'),
  });
  expect((await run('metadata-give', id, '--file', 'first.xml')).out).toContain(
    'https://idp.example/sso (redirect)',
  );
  const { out } = await run('metadata-give', id, '--file', 'second.xml');
  expect(out).toContain('waits for somebody to agree');
  expect(out).toMatch(
    new RegExp(`certificate_removed +${first.certificate.fingerprint} \\(CN=first, until 2045`),
  );
  const { difference } = (await done('identity', 'metadata', id, ...at)).metadata;
  expect(out).toContain(`--difference ${difference.name}`);
  const agreed = await run('metadata-accept', id, '--difference', difference.name, '--reason', 'Compared');
  expect(agreed.out).not.toContain('waits for somebody');
  const shown = (await run('certificates', id)).out;
  expect(shown).toMatch(new RegExp(`${first.certificate.fingerprint} +retired`));
  expect(shown).toMatch(new RegExp(`${second.certificate.fingerprint} +active`));
});

test('certificates are added and retired, by a fingerprint as people copy it', async () => {
  const id = await connected();
  await run('metadata-give', id, '--file', 'first.xml');
  expect((await run('certificate-add', id, '--file', 'second.pem')).out).toMatch(/state: +next/);
  const copied = first.certificate.fingerprint.toUpperCase().replaceAll(/(..)(?=.)/g, '$1:');
  expect((await run('certificate-retire', id, '--fingerprint', copied)).out).toMatch(/state: +retired/);
  const { fingerprint } = second.certificate;
  expect((await run('certificate-activate', id, '--fingerprint', fingerprint)).out).toMatch(/state: +active/);
});

test('our key is changed in two steps, and the old one removed', async () => {
  const id = await connected();
  expect((await run('certificates', id)).out).toContain('the first is made when it is needed');
  expect((await run('key-next', id)).out).toContain('identity key-activate');
  expect((await run('key-activate', id)).out).toMatch(/state: +active/);
  const { ours } = await done('identity', 'certificates', id, ...at);
  expect(ours).toMatchObject([{ state: 'active' }]);
  const [{ fingerprint }] = ours;
  const signing = await run('key-remove', id, '--fingerprint', fingerprint);
  expect(signing).toMatchObject({ exitCode: 1, err: expect.stringContaining('This key signs') });
  await run('key-next', id);
  await run('key-activate', id);
  expect((await run('key-remove', id, '--fingerprint', fingerprint)).out).toBe('The key is gone for good.\n');
});

test.each([
  [['metadata-give', '--file', 'nothing'], 'It is no SAML metadata that can be read', 2],
  [['metadata-give', '--file', 'nowhere'], 'cannot be read', 2],
  [['metadata-refresh'], 'comes from a file', 1],
  [['metadata-accept', '--difference', 'x'], 'is there no more', 1],
  [['certificate-add', '--file', 'nothing'], 'certificate', 2],
  [['certificate-retire', '--fingerprint', first.certificate.fingerprint], 'no such certificate', 1],
  [['key-activate'], 'There is no next key', 1],
  [['key-remove', '--fingerprint', first.certificate.fingerprint], 'no such key', 1],
  [['check'], 'FAILED: metadata_missing', 1],
] as const)('identity %j is refused', async ([verb, ...words], complaint, exitCode) => {
  const said = await run(verb, await connected(), ...words);
  expect(said).toMatchObject({ exitCode, err: expect.stringContaining(complaint) });
});

const id = '0199c5a4-0000-7000-8000-000000000000';

test.each([
  [['metadata-give', id], 'Missing: --file'],
  [['metadata-accept', id], 'Missing: --difference'],
  [['certificate-retire', id, '--fingerprint', 'abc'], '--fingerprint must be the SHA-256'],
  [['key-remove', id], 'Missing: --fingerprint'],
  [['certificates', 'entra'], '<identity> must be an id'],
])('identity %j is refused before anything is opened', async (words, complaint) => {
  const said = await hub(['identity', ...words, '--tenant', 'north']);
  expect(said).toMatchObject({ exitCode: 2, opened: 0, err: expect.stringContaining(complaint) });
});
