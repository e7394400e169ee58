import { expect, test } from 'vitest';
import { secretNames } from '../../../contracts/connector.ts';
import { formatGuid, parseGuid, siblingSid } from '../../../src/sso/ldap/object-guid.ts';
import { isLdapReason, ldapReason, ldapReasons } from '../../../src/sso/ldap/reasons.ts';
import { directorySettings, listServers } from '../../../src/sso/ldap/settings.ts';
import { base, reader } from './world.ts';

const settings = {
  name: 'school.example',
  kind: 'ad',
  servers: [{ url: 'ldaps://dc1.school.example' }],
  authorities: 'public',
  serviceAccount: reader.dn,
  servicePassword: 'secret',
  base,
  user: { nameAttributes: ['sAMAccountName'] },
  key: 'objectGUID',
};
const isValid = (changes: object) => directorySettings.safeParse({ ...settings, ...changes }).success;

test('time-outs and limits are always set', () => {
  const { timeouts, attempts, atOnce, waiting } = directorySettings.parse(settings);
  expect(Object.values(timeouts).every((limit) => limit > 0)).toBe(true);
  expect(attempts.perUser).toBeGreaterThan(0);
  expect(atOnce).toBeGreaterThan(0);
  expect(waiting).toBeGreaterThan(0);
});

test('servers are read with the usual ports, and ldap:// means StartTLS', () => {
  const servers = [
    { url: 'ldaps://dc1.school.example' },
    { url: 'ldap://dc2.school.example/', serverName: 'dc2.internal' },
    { url: 'ldap://[::1]:1389', plain: true },
  ];
  expect(listServers(directorySettings.parse({ ...settings, servers }))).toEqual([
    { host: 'dc1.school.example', port: 636, security: 'tls', serverName: 'dc1.school.example' },
    { host: 'dc2.school.example', port: 389, security: 'starttls', serverName: 'dc2.internal' },
    { host: '::1', port: 1389, security: 'plain', serverName: '::1' },
  ]);
});

test.each([
  { servers: [] },
  { servers: [{ url: 'ldap://dc1.school.example', plain: true }] },
  { servers: [{ url: 'ldaps://127.0.0.1', plain: true }] },
  { servers: [{ url: 'https://dc1.school.example' }] },
  { servers: [{ url: 'ldaps://user:secret@dc1.school.example' }] },
  { servers: [{ url: 'ldaps://dc1.school.example/dc=school?sub' }] },
  { servers: [{ url: 'ldapi://%2ftmp%2fsocket' }] },
  { authorities: 'none' },
  { authorities: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
  { serviceAccount: 'EXTERNAL' },
  { serviceAccount: 'PLAIN' },
  { serviceAccount: '' },
  { servicePassword: '' },
  { servicePassword: ' ' },
  { base: '' },
  { user: { nameAttributes: [] } },
  { user: { nameAttributes: ['uid=*)(x'] } },
  { user: { nameAttributes: ['dn'] } },
  { key: { attribute: 'a b' } },
  { timeouts: { connectMs: 0 } },
  { timeouts: { operationMs: 3_600_000 } },
])('%j is refused', (changes) => {
  expect(isValid({})).toBe(true);
  expect(isValid(changes)).toBe(false);
});

test('the password of the service account is a secret setting', () => {
  expect(secretNames(directorySettings)).toEqual(['servicePassword']);
});

test('an objectGUID is written as Active Directory’s tools write it, and back', () => {
  const bytes = Buffer.from('33221100554477668899aabbccddeeff', 'hex');
  expect(formatGuid(bytes)).toBe('00112233-4455-6677-8899-aabbccddeeff');
  expect(parseGuid('00112233-4455-6677-8899-aabbccddeeff')).toEqual(bytes);
  expect(formatGuid(bytes.subarray(1))).toBeUndefined();
  expect(parseGuid('{00112233-4455-6677-8899-aabbccddeeff}')).toBeUndefined();
});

test('the primary group has the SID of the person with the last number replaced', () => {
  const sid = Buffer.from('010500000000000515000000010000000200000003000000f4010000', 'hex');
  expect(siblingSid(sid, 513)?.toString('hex')).toBe(
    '01050000000000051500000001000000020000000300000001020000',
  );
  expect(siblingSid(sid.subarray(4), 513)).toBeUndefined();
  expect(siblingSid(sid, Number.NaN)).toBeUndefined();
});

test('what a stranger reads does not tell whether the user exists', () => {
  const met = [
    'user_unknown',
    'user_ambiguous',
    'key_missing',
    'password_wrong',
    'account_locked',
    'bind_refused',
  ] as const;
  expect(new Set(met.map((code) => ldapReason(code).texts))).toEqual(new Set(['credentials']));
});

test('every reason says what mends it, for engineers and for a help desk', () => {
  for (const code of ldapReasons) {
    const { advice, helpDesk, specification } = ldapReason(code);
    expect(isLdapReason(code)).toBe(true);
    expect([advice, helpDesk].every((text) => text.length > 20 && text.endsWith('.'))).toBe(true);
    expect(specification.length).toBeGreaterThan(5);
  }
});
