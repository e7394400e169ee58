import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import type { DomainError } from '../src/platform/errors.ts';

const key = `first:${Buffer.alloc(32, 7).toString('base64')}`;
const served = { GATEHOUSE_URL: 'https://hub.example.org', GATEHOUSE_KEK: key, TRUSTED_PROXY_HOPS: '1' };

function problemsOf(environment: Record<string, string>, demo = false): string {
  try {
    readConfig({ environment, demo });
  } catch (error) {
    expect(error).toMatchObject({ code: 'config_invalid' });
    return (error as DomainError).message;
  }
  throw new Error('The settings were accepted');
}

test('nothing set means this machine only, with its own database and key file', () => {
  const config = readConfig({ environment: {} });
  expect(config).toMatchObject({
    baseUrl: 'http://hub.localhost:3000',
    host: '127.0.0.1',
    databaseUrl: undefined,
  });
  expect(config.keyEncryptionKey).toMatchObject({ from: 'file', createIfMissing: true });
  expect(config.allowLoopback).toBe(false);
});

test.each([
  [{ PORT: '80000' }, 'PORT: must be a whole number from 0 to 65535'],
  [{ DATABASE_CONNECTIONS: '1' }, 'DATABASE_CONNECTIONS: must be a whole number from 2 to 500'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: must be one of trace, debug'],
  [{ ALLOW_LOOPBACK: 'maybe' }, 'ALLOW_LOOPBACK: must be true or false'],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
    'OTEL_EXPORTER_OTLP_ENDPOINT: must be an http(s) address',
  ],
] satisfies [Record<string, string>, string][])(
  'a value out of bounds is answered by the bounds: %j',
  (environment, words) => expect(problemsOf(environment)).toContain(words),
);

test('the demo may call this machine and keeps its data apart', () => {
  const config = readConfig({ environment: { GATEHOUSE_DATA: '/srv/hub' }, demo: true });
  expect(config).toMatchObject({ allowLoopback: true, dataDir: '/srv/hub/demo' });
});

test('an empty variable counts as not set', () => {
  expect(readConfig({ environment: { DATABASE_URL: '', PORT: '' } }).port).toBe(3000);
});

test('a hub others reach is https and listens on every address', () => {
  expect(readConfig({ environment: served })).toMatchObject({
    baseUrl: 'https://hub.example.org',
    host: '::',
  });
});

test.each([
  ['plain http beyond this machine', { ...served, GATEHOUSE_URL: 'http://hub.example.org' }, 'GATEHOUSE_URL'],
  ['an issuer with a path', { ...served, GATEHOUSE_URL: 'https://example.org/hub' }, 'GATEHOUSE_URL'],
  ['two key-encryption keys', { ...served, GATEHOUSE_KEK_FILE: '/run/kek' }, 'GATEHOUSE_KEK'],
  ['no key-encryption key', { ...served, GATEHOUSE_KEK: '' }, 'GATEHOUSE_KEK_FILE'],
  ['an unsaid number of proxies', { ...served, TRUSTED_PROXY_HOPS: '' }, 'TRUSTED_PROXY_HOPS'],
  [
    'outbound calls to this machine from a public hub',
    { ...served, ALLOW_LOOPBACK: 'true' },
    'ALLOW_LOOPBACK',
  ],
  ['a direct address alone', { DATABASE_DIRECT_URL: 'postgres://host/x' }, 'DATABASE_DIRECT_URL'],
  ['an unknown free port', { PORT: '0' }, 'PORT'],
  ['a port that is none', { PORT: '70000' }, 'PORT'],
])('%s is refused', (_name, environment, named) => {
  expect(problemsOf(environment)).toContain(named);
});

test('the demo of a public hub is refused', () => {
  expect(problemsOf(served, true)).toContain('--demo');
});

test('every problem is told at once', () => {
  const message = problemsOf({ PORT: 'x', LOG_LEVEL: 'loud' });
  expect(message).toContain('PORT');
  expect(message).toContain('LOG_LEVEL');
});

test('no value of a refused setting is shown', () => {
  const message = problemsOf({ DATABASE_URL: 'mysql://user:s3cret@host/x', LOG_LEVEL: 's3cret' });
  expect(message).not.toContain('s3cret');
});

test('printing the settings shows no secret', () => {
  const config = readConfig({ environment: { ...served, DATABASE_URL: 'postgres://user:s3cret@host/x' } });
  const printed = inspect(config, { depth: 9 }) + JSON.stringify(config) + String(config.databaseUrl);
  expect(printed).not.toContain('s3cret');
  expect(printed).not.toContain(key);
  expect(config.databaseUrl?.reveal()).toContain('s3cret');
});

test('the settings cannot be changed', () => {
  const config = readConfig({ environment: {} });
  expect(() => Object.assign(config.launchLimit, { burst: 1 })).toThrow(TypeError);
});

test('traces and metrics are off unless asked for', () => {
  expect(readConfig({ environment: {} }).telemetry).toMatchObject({
    tracesUrl: undefined,
    metrics: undefined,
  });
  const asked = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/',
    OTEL_EXPORTER_PROMETHEUS_PORT: '9464',
  };
  expect(readConfig({ environment: asked }).telemetry).toMatchObject({
    tracesUrl: 'http://collector:4318/v1/traces',
    metrics: { host: '127.0.0.1', port: 9464 },
  });
  expect(
    readConfig({ environment: { ...asked, OTEL_SDK_DISABLED: 'true' } }).telemetry.tracesUrl,
  ).toBeUndefined();
});

test('mail needs its server and whom it is from, or neither', () => {
  const read = (environment: Record<string, string>) => readConfig({ environment });
  expect(read({}).mail).toBeUndefined();
  const given = { MAIL_URL: 'smtps://user:secret@mail.example', MAIL_FROM: 'hub@hub.example' };
  const { mail } = read(given);
  expect([mail?.from, mail?.url.reveal()]).toEqual([given.MAIL_FROM, given.MAIL_URL]);
  expect(JSON.stringify(mail)).not.toContain('secret');
  expect(() => read({ MAIL_URL: given.MAIL_URL })).toThrow(/MAIL_URL and MAIL_FROM/);
  expect(() => read({ ...given, MAIL_URL: 'https://mail.example' })).toThrow(/smtp/);
});

test('whom to tell of a weakness is one line, and an address of a kind that people can use', () => {
  const read = (contact: string) =>
    readConfig({ environment: { SECURITY_CONTACT: contact } }).securityContact;
  expect(read('mailto:security@hub.example')).toBe('mailto:security@hub.example');
  expect(read('https://hub.example/report\nExpires: never')).not.toContain('\n');
  for (const none of ['security@hub.example', 'javascript:alert(1)']) {
    expect(() => read(none)).toThrow(/SECURITY_CONTACT/);
  }
});
