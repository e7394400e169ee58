import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TenantId, ToolId } from '../../contracts/ids.ts';
import { fixedFieldNames, isFieldName } from '../../src/privacy/fields.ts';
import {
  actions,
  decideAction,
  type PolicyRules,
  planPolicy,
  policyRules,
  purposes,
  readRules,
} from '../../src/privacy/policy.ts';
import { deriveReleaseKey, previewRelease, release } from '../../src/privacy/release.ts';
import { templateNames, templates } from '../../src/privacy/templates.ts';

const key = Buffer.alloc(32, 7);
const pollution = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'custom.__proto__'];
const names = [
  ...fixedFieldNames,
  ...pollution,
  'custom.level',
  'custom.sis id',
  'custom.',
  'person',
  'sub',
  'person.shoe_size',
];

/** Any name at all, often one that means something. */
const name = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...names) },
  { weight: 1, arbitrary: fc.string() },
);
/** Values that no other value contains, so that a leak is recognised in any place. */
const text = fc.uuid().map((id) => `secret ${id}`);
const value = fc.oneof(
  text,
  fc.array(text, { maxLength: 3 }),
  fc.record({ nested: text }),
  fc.integer(),
  fc.constant(null),
  fc.array(fc.oneof(text, fc.integer()), { minLength: 1, maxLength: 3 }),
);
/** An object with own members of any name, `__proto__` among them. */
const record = <T>(of: fc.Arbitrary<T>) =>
  fc.array(fc.tuple(name, of), { maxLength: 25 }).map((entries) => {
    const object: Record<string, T> = {};
    for (const [member, content] of entries) {
      Object.defineProperty(object, member, {
        value: content,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return object;
  });
const fields = record(value);
const anyRules = record(
  record(fc.oneof(fc.constantFrom(...actions), fc.constantFrom('', 'ALLOW', 1, true, null))),
);
/** Rules that hit the purposes, allowing often, so that something is released at all. */
const rules = fc.oneof(
  anyRules,
  fc.dictionary(fc.constantFrom(...purposes), record(fc.constantFrom(...actions))),
);
const purpose = fc.constantFrom(...purposes);

test('whatever the policy and the data, no field leaves that is unlisted, unmentioned or dropped', () => {
  fc.assert(
    fc.property(rules, purpose, fields, (stored, forPurpose, data) => {
      const released = release(stored as PolicyRules, forPurpose, data, () => key);
      expect(Object.getPrototypeOf(released)).toBe(Object.prototype);
      for (const leaving of Reflect.ownKeys(released)) {
        const field = String(leaving);
        expect(
          (fixedFieldNames as readonly string[]).includes(field) || /^custom\.[\w.:$-]+$/.test(field),
        ).toBe(true);
        expect(field).not.toContain('__proto__');
        const mentioned = Object.getOwnPropertyDescriptor(stored, forPurpose)?.value as object;
        expect(['allow', 'hash']).toContain(Object.getOwnPropertyDescriptor(mentioned, field)?.value);
      }
    }),
    { numRuns: 2000 },
  );
});

test('whatever the policy and the data, no value leaves but that of an allowed field', () => {
  fc.assert(
    fc.property(rules, purpose, fields, (stored, forPurpose, data) => {
      const output = JSON.stringify(release(stored as PolicyRules, forPurpose, data, () => key));
      const allowed = new Set(
        Object.entries(data)
          .filter(
            ([field]) => isFieldName(field) && decideAction(readRules(stored), forPurpose, field) === 'allow',
          )
          .flatMap(([, content]) => JSON.stringify(content).match(/secret [0-9a-f-]{36}/g) ?? []),
      );
      for (const leaked of output.match(/secret [0-9a-f-]{36}/g) ?? []) expect(allowed).toContain(leaked);
    }),
    { numRuns: 2000 },
  );
});

test('every field that is allowed and of its kind does leave', () => {
  fc.assert(
    fc.property(fc.subarray([...fixedFieldNames]), (chosen) => {
      const data = Object.fromEntries(
        fixedFieldNames.map((field) => [field, field === 'roles' || field === 'context.type' ? ['a'] : 'a']),
      );
      const launch = Object.fromEntries(chosen.map((field) => [field, 'allow' as const]));
      expect(Object.keys(release({ launch }, 'launch', data, () => key)).sort()).toEqual([...chosen].sort());
    }),
  );
});

test('a release for one purpose does not open another', () => {
  const policy: PolicyRules = { launch: { 'person.name': 'allow' } };
  expect(release(policy, 'launch', { 'person.name': 'Ada' }, () => key)).toEqual({ 'person.name': 'Ada' });
  for (const other of purposes.filter((each) => each !== 'launch')) {
    expect(release(policy, other, { 'person.name': 'Ada' }, () => key)).toEqual({});
  }
});

test('inherited members of the data and of the rules count for nothing', () => {
  const data = Object.create({ 'person.name': 'Ada' });
  expect(release({ launch: { 'person.name': 'allow' } }, 'launch', data, () => key)).toEqual({});
  const inherited: PolicyRules = { launch: Object.create({ 'person.name': 'allow' }) };
  expect(release(inherited, 'launch', { 'person.name': 'Ada' }, () => key)).toEqual({});
});

test('a value of another kind than its field’s is dropped', () => {
  const policy: PolicyRules = { launch: { 'person.name': 'allow', roles: 'allow' } };
  expect(release(policy, 'launch', { 'person.name': ['Ada'], roles: 'Learner' }, () => key)).toEqual({});
});

test('a list that a rule says to hash is dropped, since it has no hash', () => {
  expect(release({ launch: { roles: 'hash' } }, 'launch', { roles: ['Learner'] }, () => key)).toEqual({});
});

test('a rule without an action drops', () => {
  const rules = { launch: { 'person.name': undefined } } as unknown as PolicyRules;
  expect(release(rules, 'launch', { 'person.name': 'Ada' }, () => key)).toEqual({});
});

test.each(pollution)('%s is no field', (name) => {
  expect(isFieldName(name)).toBe(false);
});

test('a released list is a copy', () => {
  const roles = ['Learner'];
  const released = release({ launch: { roles: 'allow' } }, 'launch', { roles }, () => key);
  roles.push('Administrator');
  expect(released.roles).toEqual(['Learner']);
});

test('a hash is the same for the same value and differs by value, field, tool and tenant', () => {
  const policy: PolicyRules = { launch: { 'person.email': 'hash', 'person.name': 'hash' } };
  const hash = (email: string, secret: Buffer = key) =>
    release(policy, 'launch', { 'person.email': email }, () => secret)['person.email'];
  expect(hash('a@b')).toBe(hash('a@b'));
  expect(hash('a@b')).toMatch(/^[\w-]{43}$/);
  expect(hash('a@b')).not.toBe(hash('a@c'));
  expect(release(policy, 'launch', { 'person.name': 'a@b' }, () => key)['person.name']).not.toBe(hash('a@b'));
  const [t1, t2] = ['t1', 't2'] as TenantId[];
  const [a, b] = ['a', 'b'] as ToolId[];
  const derived = [
    deriveReleaseKey(key, t1!, a!),
    deriveReleaseKey(key, t1!, b!),
    deriveReleaseKey(key, t2!, a!),
  ];
  expect(new Set(derived.map((secret) => hash('a@b', secret))).size).toBe(3);
  expect(deriveReleaseKey(key, t1!, a!)).toEqual(derived[0]);
});

test('rules with an unknown purpose, field or action are a mistake of the operator', () => {
  for (const wrong of [
    { launches: {} },
    { launch: { 'person.shoe_size': 'allow' } },
    { launch: { 'person.name': 'show' } },
    { launch: { roles: 'hash' } },
    { launch: { 'custom.__proto__': 'allow' } },
    { launch: { 'custom.a b': 'allow' } },
  ]) {
    expect(policyRules.safeParse(wrong).success).toBe(false);
  }
  expect(policyRules.safeParse({ launch: { 'custom.level': 'hash' } }).success).toBe(true);
});

test('stored rules that this version does not know release nothing', () => {
  const stored = {
    launch: { 'person.name': 'allow', 'person.new': 'allow', roles: 'encrypt' },
    analytics: {},
  };
  expect(readRules(stored)).toEqual({ launch: { 'person.name': 'allow' } });
  for (const broken of [null, undefined, 1, 'x', [], { launch: null }]) {
    expect(release(readRules(broken), 'launch', { 'person.name': 'Ada' }, () => key)).toEqual({});
  }
});

test.each(templateNames)(
  'the template %s is valid and releases neither LIS numbers nor custom parameters',
  (name) => {
    expect(policyRules.safeParse(templates[name]).success).toBe(true);
    for (const rules of Object.values(templates[name])) {
      expect(Object.keys(rules ?? {}).filter((field) => /^(lis|custom)\./.test(field))).toEqual([]);
    }
  },
);

test('the template anonymous releases nothing of the person', () => {
  const person = Object.fromEntries(
    fixedFieldNames.filter((f) => f.startsWith('person.')).map((f) => [f, 'x']),
  );
  for (const forPurpose of purposes) {
    expect(release(templates.anonymous, forPurpose, person, () => key)).toEqual({});
  }
});

test('webhooks carry ids only, whatever the template', () => {
  for (const name of templateNames) expect(templates[name].webhook).toEqual({});
});

test('a comment on a result leaves only where names do, and with grades alone', () => {
  const comment = { 'result.comment': 'Well done, Ada' };
  for (const name of templateNames) {
    const sharesNames = templates[name].launch?.['person.name'] === 'allow';
    expect(templates[name].grades).toEqual(sharesNames ? { 'result.comment': 'allow' } : {});
    for (const other of purposes.filter((each) => each !== 'grades'))
      expect(release(templates[name], other, comment, () => key)).toEqual({});
  }
});

test('a change of rules leaves the rules before untouched and takes dropped fields out', () => {
  const before: PolicyRules = { launch: { 'person.name': 'allow', roles: 'allow' } };
  const after = planPolicy(before, [
    { purpose: 'launch', field: 'person.name', action: 'drop' },
    { purpose: 'api', field: 'person.email', action: 'hash' },
  ]);
  expect(after).toEqual({ launch: { roles: 'allow' }, api: { 'person.email': 'hash' } });
  expect(before).toEqual({ launch: { 'person.name': 'allow', roles: 'allow' } });
});

test('a preview shows what leaves and what stays, field by field', () => {
  const data = { 'person.name': 'Ada', 'person.email': 'a@b', roles: ['Learner'], unlisted: 'x' };
  const preview = previewRelease(
    { launch: { 'person.email': 'hash', roles: 'allow' } },
    'launch',
    data,
    () => key,
  );
  expect(preview).toEqual([
    { field: 'person.name', action: 'drop' },
    { field: 'person.email', action: 'hash', released: expect.stringMatching(/^[\w-]{43}$/) },
    { field: 'roles', action: 'allow', released: ['Learner'] },
  ]);
});
