import { beforeAll, expect, test } from 'vitest';
import { presets } from '../../../src/sso/saml/presets.ts';
import { nameIdFormats } from '../../../src/sso/saml/xml/names.ts';
import { createWorld, receive, tell, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});

const reasonOf = (result: ReturnType<typeof receive>) => (result.accepted ? 'accepted' : result.reason);

const subjectId = 'urn:oasis:names:tc:SAML:attribute:subject-id';
const eppn = 'urn:oid:1.3.6.1.4.1.5923.1.1.1.6';
const scoped = (attributes: Record<string, string[]>, scopes: string[] | undefined = ['North.example']) => {
  const identityProvider = { ...world.connection.identityProvider, scopes };
  return receive(world, tell(world, { attributes }), {
    connection: { identityProvider, mapping: presets.eduperson.mapping },
  });
};

test('the attribute that the connection chose is the key, its letter case folded where it is scoped', () => {
  const result = scoped({ [subjectId]: ['Ab12@north.EXAMPLE'] });
  expect(result.accepted && result.signedIn.subject).toBe('ab12@north.example');
});

test('a key that is missing or has several values is none', () => {
  expect(reasonOf(scoped({}))).toBe('subject');
  expect(reasonOf(scoped({ [subjectId]: ['a@north.example', 'b@north.example'] }))).toBe('subject');
  expect(reasonOf(scoped({ [subjectId]: [] }))).toBe('subject');
});

test.each(['a@south.example', 'a@evil@north.example', 'a@north.example@evil', 'a', '@north.example', 'a@'])(
  'a scope of others is refused: %s',
  (value) => {
    expect(reasonOf(scoped({ [subjectId]: [value] }))).toBe('scope');
    expect(reasonOf(scoped({ [subjectId]: ['a@north.example'], [eppn]: [value] }))).toBe('scope');
  },
);

test('an e-mail address or a transient name is no key, even where a mapping asks for it', () => {
  for (const format of [nameIdFormats.email, nameIdFormats.transient]) {
    const mapping = {
      ...presets.generic.mapping,
      subject: { from: 'name_id' as const, formats: [format] },
    };
    expect(reasonOf(receive(world, tell(world, { nameIdFormat: format }), { connection: { mapping } }))).toBe(
      'name_id',
    );
  }
});

test('names of an object’s own properties are attributes like others', () => {
  const result = receive(world, tell(world, { attributes: { __proto__: ['x'], constructor: ['y'] } }));
  expect(result.accepted && Object.keys(result.signedIn.attributes)).toContain('constructor');
});
