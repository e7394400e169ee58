import { createLocalJWKSet, jwtVerify } from 'jose';
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { HUB_TENANT, newId, type TenantId } from '../../../contracts/ids.ts';
import { keyWorkers } from '../../../src/lti/keys/jobs.ts';
import { publicKeySet } from '../../../src/lti/keys/key-set.ts';
import {
  advanceKeys,
  ensureSigningKey,
  listKeys,
  revokeSigningKey,
  rotateSigningKey,
} from '../../../src/lti/keys/keys.ts';
import { defaultKeyTiming } from '../../../src/lti/keys/life-cycle.ts';
import { createSigner } from '../../../src/lti/keys/signer.ts';
import { createSecrets } from '../../../src/platform/secrets/secrets.ts';
import { sql } from '../../../src/platform/sql/sql.ts';
import { keyNamed } from '../../platform/secrets/keys.ts';
import { createTestDatabase } from '../../support/database.ts';

const { database, superuser } = await createTestDatabase();
const cause = { actor: 'command:test' };
const time = { ms: 0 };
const clock = { now: () => time.ms };
const dependencies = { db: database, clock, secrets: createSecrets({ kek: keyNamed('main', 1), clock }) };
const makeSigner = () => createSigner({ ...dependencies, ttlMs: 30_000 });

beforeEach(async () => {
  time.ms = Date.parse('2026-01-01');
  await superuser.query('delete from signing_key');
});

async function states(): Promise<string[]> {
  return (await listKeys(dependencies)).map((key) => key.state).sort();
}

async function keySet() {
  return publicKeySet(await listKeys(dependencies), time.ms);
}

async function verify(token: string) {
  return jwtVerify(token, createLocalJWKSet(await keySet()), {
    algorithms: ['RS256'],
    currentDate: new Date(time.ms),
  });
}

test('copies that start together make one signing key', async () => {
  await Promise.all(Array.from({ length: 4 }, () => ensureSigningKey(dependencies, cause)));
  expect(await states()).toEqual(['signing']);
  expect(await ensureSigningKey(dependencies, cause)).toEqual([]);
});

test('what is signed verifies against the public key set and names its key', async () => {
  await ensureSigningKey(dependencies, cause);
  const { payload, protectedHeader } = await verify(await makeSigner().sign({ sub: 'someone', nonce: 'n' }));
  expect(payload).toEqual({ sub: 'someone', nonce: 'n' });
  expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: (await keySet()).keys[0]!.kid });
});

test('the key set holds no private member', async () => {
  await ensureSigningKey(dependencies, cause);
  for (const key of (await keySet()).keys) {
    expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  }
});

test('without a key, signing says so', async () => {
  await expect(makeSigner().sign({})).rejects.toMatchObject({ code: 'signing_key_missing' });
});

test('a rotation publishes, promotes after the overlap, and what the old key signed verifies until it leaves', async () => {
  await ensureSigningKey(dependencies, cause);
  const signer = makeSigner();
  const before = await signer.sign({ sub: 'x' });
  await rotateSigningKey(dependencies, cause, { immediately: false });
  expect(await states()).toEqual(['published', 'signing']);

  expect(await advanceKeys(dependencies, cause)).toEqual([]);
  time.ms += defaultKeyTiming.publishForMs;
  await advanceKeys(dependencies, cause);
  expect(await states()).toEqual(['retired', 'signing']);
  signer.invalidate();
  const after = await signer.sign({ sub: 'x' });
  await expect(verify(before)).resolves.toBeDefined();
  await expect(verify(after)).resolves.toBeDefined();

  time.ms += defaultKeyTiming.overlapMs;
  await expect(verify(before)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  await expect(verify(after)).resolves.toBeDefined();
});

test('rotations and life-cycle jobs on several copies at once promote one key', async () => {
  await ensureSigningKey(dependencies, cause);
  await Promise.all(
    Array.from({ length: 3 }, () => rotateSigningKey(dependencies, cause, { immediately: false })),
  );
  expect(await states()).toEqual(['published', 'signing']);
  time.ms += defaultKeyTiming.publishForMs;
  await Promise.all(Array.from({ length: 3 }, () => advanceKeys(dependencies, cause)));
  expect(await states()).toEqual(['retired', 'signing']);
});

test('the hourly job promotes a key whose time has come', async () => {
  await ensureSigningKey(dependencies, cause);
  await rotateSigningKey(dependencies, cause, { immediately: false });
  time.ms += defaultKeyTiming.publishForMs;
  const [worker] = keyWorkers(dependencies);
  await worker!.run({}, { jobId: 'job', signal: new AbortController().signal });
  expect(await states()).toEqual(['retired', 'signing']);
});

test('an immediate rotation signs with the new key at once and keeps the old one public', async () => {
  await ensureSigningKey(dependencies, cause);
  const before = await makeSigner().sign({});
  await rotateSigningKey(dependencies, cause, { immediately: true });
  expect(await states()).toEqual(['retired', 'signing']);
  await expect(verify(before)).resolves.toBeDefined();
});

test('a revoked key leaves the key set at once, and its replacement signs', async () => {
  await ensureSigningKey(dependencies, cause);
  const signer = makeSigner();
  const before = await signer.sign({});
  const [lost] = (await keySet()).keys;
  await revokeSigningKey(dependencies, { ...cause, reason: 'leaked' }, lost!.kid);
  signer.invalidate();
  expect(await states()).toEqual(['revoked', 'signing']);
  await expect(verify(before)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  await expect(verify(await signer.sign({}))).resolves.toBeDefined();
});

test('a signer that missed the announcement follows when its key has run out', async () => {
  await ensureSigningKey(dependencies, cause);
  const signer = makeSigner();
  await signer.sign({});
  const [lost] = (await keySet()).keys;
  await revokeSigningKey(dependencies, cause, lost!.kid);
  time.ms += 30_000;
  await expect(verify(await signer.sign({}))).resolves.toBeDefined();
});

test('a key that signs no more loses its private half', async () => {
  await ensureSigningKey(dependencies, cause);
  await rotateSigningKey(dependencies, cause, { immediately: true });
  const { rows } = await superuser.query(
    'select state, length(sealed_private_key) > 0 as held from signing_key order by state',
  );
  expect(rows).toEqual([
    { state: 'retired', held: false },
    { state: 'signing', held: true },
  ]);
});

test('the database itself refuses a second signing key', async () => {
  await ensureSigningKey(dependencies, cause);
  const adding = superuser.query(
    "insert into signing_key select tenant_id, 'other', state, public_jwk, sealed_private_key, created_at, changed_at from signing_key",
  );
  await expect(adding).rejects.toMatchObject({ constraint: 'signing_key_one_signs' });
});

test('every change is announced with its commit and audited for the hub', async () => {
  await superuser.query('delete from audit_value');
  await superuser.query('delete from audit_event');
  await superuser.query('listen gatehouse_changed');
  const announced: string[] = [];
  superuser.on('notification', (message) => announced.push(message.payload ?? ''));
  await ensureSigningKey(dependencies, cause);
  const [key] = (await keySet()).keys;
  await revokeSigningKey(dependencies, { ...cause, reason: 'leaked' }, key!.kid);
  const { rows } = await superuser.query(
    'select tenant_id, action, actor, reason from audit_event join audit_value using (tenant_id, sequence) order by sequence',
  );
  const same = { tenant_id: HUB_TENANT, actor: 'command:test' };
  expect(rows).toEqual([
    { ...same, action: 'signing_key.signing', reason: null },
    { ...same, action: 'signing_key.revoked', reason: 'leaked' },
    { ...same, action: 'signing_key.signing', reason: 'leaked' },
  ]);
  expect(announced).toEqual(['keys', 'keys']);
});

test('no tenant sees the hub’s keys', async () => {
  await ensureSigningKey(dependencies, cause);
  const seen = await database.withTenant(newId<TenantId>(), (tx) =>
    tx.many(sql`select kid from signing_key`, z.object({ kid: z.string() })),
  );
  expect(seen).toEqual([]);
});
