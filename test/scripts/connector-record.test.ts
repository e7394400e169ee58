import { expect, test } from 'vitest';
import type { Connector } from '../../contracts/connector.ts';
import { type Exchange, recordConnector } from '../../scripts/connector-recording.ts';
import { scrub } from '../../scripts/connector-scrub.ts';
import { knowValues } from '../../scripts/connector-scrub-values.ts';
import { templateSource } from '../../scripts/connector-template/connector/index.ts';
import { emptyStaged, readInto } from '../connectors/contract/reading.ts';
import { startTemplateSource } from '../connectors/contract/template-source.ts';
import { oneRosterRestHarnesses } from '../connectors/oneroster-rest/contract-harness.ts';
import { openOutbound } from '../platform/outbound/loopback-server.ts';
import { replay } from '../support/replay.ts';
import { createSmallRoster, personalValues } from '../support/small-roster.ts';
import { openContext } from '../sync/host/open-context.ts';

const connector: Connector = templateSource;

test('what is recorded of a real source holds no secret and nobody’s data, and can be replayed', async () => {
  const rows = createSmallRoster();
  const source = await startTemplateSource(rows);
  const settings = source.settings as Record<string, unknown>;
  const recording = await recordConnector(connector, settings, {
    outbound: openOutbound(),
    pages: 2,
    pageSize: 5,
  });
  expect(recording.rows.filter(({ entity }) => entity === 'users')).toHaveLength(10);
  const fixtures = scrub(recording, knowValues(connector, settings, recording), 'template.example');

  const text = JSON.stringify(fixtures);
  for (const value of [...source.secrets, ...personalValues(rows), 'user-001', 'user-005', '127.0.0.1']) {
    expect(text.toLowerCase()).not.toContain(value.toLowerCase());
  }
  // What belongs to no person stays, so that the fixture can be read.
  expect(text).toContain('Lakeside 1');

  const { context, told } = {
    ...openContext({
      outbound: replay(fixtures),
      settings: connector.settings.parse({ baseUrl: 'https://template.example', token: 'x', pageSize: 5 }),
    }),
    told: [],
  };
  expect((await connector.check(context)).entities).toEqual(['orgs', 'users']);
  expect((await connector.discover(context)).schools.map(({ name }) => name)).toEqual([
    'Lakeside 1',
    'Lakeside 2',
  ]);
  const opened = { connector, context, clock: openContext().clock, told };
  const request = { entity: 'users', mode: 'full', state: undefined, resumes: false } as const;
  // The first pages of orgs were read again for themselves.
  await readInto(emptyStaged(), opened, { ...request, entity: 'orgs' });
  const staged = await readInto(emptyStaged(), opened, request, { mostParts: 2 });
  expect(staged.rows.size).toBe(10);
});

/** Scrubs one answer of a source that hands out these members besides a user that the connector understands. */
function scrubAnswer(members: object, extra: Partial<Exchange> = {}, givenName = 'Amara') {
  const body = JSON.stringify({ users: [{ sourcedId: 'stu-77', givenName, ...members }] });
  const exchange = {
    method: 'GET',
    url: 'https://sis.school.edu/users/stu-77?id=stu-77',
    status: 200,
    headers: {},
    body,
    ...extra,
  };
  const row = {
    sourcedId: 'stu-77',
    values: { givenName, familyName: 'Nwosu', primaryOrgSourcedId: 'org-5' },
  };
  const recording = { exchanges: [exchange], rows: [{ entity: 'users' as const, row }] };
  const settings = { baseUrl: 'https://sis.school.edu', token: 'hush-hush' };
  const [fixture] = scrub(recording, knowValues(connector, settings, recording), 'sis.example');
  return { fixture, text: JSON.stringify(fixture) };
}

test('personal columns are replaced by their names, also in the form of other products and as numbers', () => {
  const { text } = scrubAnswer({
    FamilyName: 'Okafor',
    birthDate: '2011-03-04',
    white: true,
    phone: 4155550100,
    userIds: [{ type: 'LDAP', identifier: 'a.okafor' }],
    metadata: { motherMaidenName: 'Eze', note: 'lives with grandmother' },
  });
  expect(text).not.toMatch(/okafor|2011-03-04|"white":true|4155550100|eze|grandmother/i);
});

test('a person’s name is replaced wherever it stands, also within other words', () => {
  const { text } = scrubAnswer({ homeroom: { title: 'Room of NWOSU' }, 'x-amara': 1 });
  expect(text).not.toMatch(/nwosu|amara/i);
});

test('whoever is called like a part of a column’s name leaves the column its name', () => {
  const { fixture, text } = scrubAnswer(
    { nativeHawaiianOrOtherPacificIslander: 'true', 'x-isla': 1, title: 'Room of Isla' },
    {},
    'Isla',
  );
  expect(fixture?.response).toMatchObject({ users: [{ nativeHawaiianOrOtherPacificIslander: 'false' }] });
  expect(text.replace('Islander', '')).not.toMatch(/isla/i);
});

test('ids become others that keep their order and lead to the same place', () => {
  const { fixture } = scrubAnswer({
    orgs: [{ sourcedId: 'org-5', href: 'https://sis.school.edu/orgs/org-5' }],
  });
  expect(fixture?.path).toBe('/users/id-000002?id=id-000002');
  expect(fixture?.response).toMatchObject({
    users: [
      {
        sourcedId: 'id-000002',
        orgs: [{ sourcedId: 'id-000001', href: 'https://sis.example/orgs/id-000001' }],
      },
    ],
  });
});

test('tokens, cookies and secrets are replaced in headers, addresses and bodies', () => {
  const { text } = scrubAnswer(
    { access_token: 'eyJhbGciOi', echo: 'hush-hush', basic: Buffer.from('hush-hush').toString('base64') },
    {
      url: 'https://sis.school.edu/users?key=hush-hush',
      headers: {
        'set-cookie': 'AWSALB=abc123; Path=/',
        'x-debug': 'Amara',
        link: '<https://sis.school.edu/users?t=eyJhbGciOi>; rel="next"',
      },
    },
  );
  expect(text).not.toMatch(/hush|eyJhbGciOi|abc123|x-debug|aHVzaC1odXNo|school\.edu/i);
  expect(text).toContain('AWSALB=made-up');
});

test('plain texts are not kept', () => {
  expect(scrubAnswer({}, { body: 'Slow down, Amara', status: 429 }).fixture?.response).toBe('text');
});

test('a OneRoster source is recorded by way of its tokens, nested members and references', async () => {
  const rows = createSmallRoster();
  const [first] = rows.users ?? [];
  if (first === undefined) throw new Error('no users');
  rows.users = [
    {
      ...first,
      values: { ...first.values, userIds: '{LDAP:zyxldap}', phone: '+1-415-555-0100' },
      metadata: { pet: 'Zyxpet' },
    },
    ...(rows.users ?? []).slice(1),
  ];
  const harness = oneRosterRestHarnesses.find(({ name }) => name.endsWith('1.2'));
  if (harness === undefined) throw new Error('no harness of 1.2');
  const source = await harness.start(rows);
  const settings = source.settings as Record<string, unknown>;
  const outbound = openOutbound();
  const recording = await recordConnector(harness.connector, settings, { outbound, pages: 2, pageSize: 5 });
  const fixtures = scrub(recording, knowValues(harness.connector, settings, recording), 'sis.example');
  expect(recording.rows.length).toBeGreaterThan(40);
  const text = JSON.stringify(fixtures);
  const originals = [
    ...source.secrets,
    ...personalValues(rows),
    'zyxldap',
    'Zyxpet',
    '415',
    'user-001',
    '2011-03-04',
  ];
  for (const value of originals) expect(text.toLowerCase()).not.toContain(value.toLowerCase());
  expect(text).not.toMatch(/zyx/i);
  const tokens = recording.exchanges.flatMap(({ body }) => /"access_token":"([^"]+)"/.exec(body)?.[1] ?? []);
  expect(tokens).not.toEqual([]);
  for (const token of tokens) expect(text).not.toContain(token);

  const replayed = await recordConnector(
    harness.connector,
    { ...settings, baseUrl: 'https://sis.example', tokenUrl: 'https://sis.example/token', clientSecret: 'x' },
    { outbound: replay(fixtures), pages: 2, pageSize: 5 },
  );
  expect(replayed.rows.map(({ entity }) => entity)).toEqual(recording.rows.map(({ entity }) => entity));
  expect(replayed.exchanges).toHaveLength(recording.exchanges.length);
});
