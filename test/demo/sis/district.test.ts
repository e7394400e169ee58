import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SourceRow } from '../../../contracts/connector.ts';
import { type Entity, entities, models, sourcedIdPattern } from '../../../contracts/roster.ts';
import { createDistrict, type District } from '../../../src/demo/sis/district.ts';
import { type DistrictSize, districtSizes, scaleDistrict } from '../../../src/demo/sis/sizes.ts';
import { findBreaks } from './references.ts';

const demo = createDistrict({ seed: 7, size: districtSizes.demo });
const all = (rows: Iterable<SourceRow>) => [...rows];
const byId = (district: District, entity: Entity) =>
  new Map(all(district.rows(entity)).map((row) => [row.sourcedId, row]));

const someSize: fc.Arbitrary<DistrictSize> = fc.record({
  schools: fc.integer({ min: 1, max: 9 }),
  people: fc.integer({ min: 1, max: 400 }),
  students: fc.integer({ min: 1, max: 120 }),
  classesPerStudent: fc.integer({ min: 1, max: 12 }),
  classSize: fc.integer({ min: 1, max: 30 }),
});

test('the demo has 2,000 people, and every size of its own is kept to the person', () => {
  expect(demo.count('users')).toBe(2_000);
  expect(demo.count('orgs')).toBe(5);
  const tiny = createDistrict({ seed: 3, size: districtSizes.tiny });
  expect(tiny.count('users')).toBe(districtSizes.tiny.people);
  const part = createDistrict({ seed: 1, size: scaleDistrict(districtSizes.largest, 0.01) });
  expect(part.count('users')).toBe(12_000);
  expect(part.count('enrollments')).toBeGreaterThan(98_000);
});

test('in any district ids are unique, references lead somewhere and nothing needed is missing, before and after any night', () => {
  const district = fc.tuple(
    fc.nat(),
    someSize,
    fc.float({ min: 0, max: 1, noNaN: true }),
    fc.integer({ min: 1, max: 99 }),
  );
  fc.assert(
    fc.property(district, ([seed, size, share, round]) => {
      const made = createDistrict({ seed, size });
      expect(findBreaks((entity) => made.rows(entity))).toEqual([]);
      const night = made.changed(share, round);
      expect(findBreaks((entity) => night.rows(entity))).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test('the check notices an id that is there twice and a reference that leads nowhere', () => {
  const broken = (entity: Entity): Iterable<SourceRow> => {
    const rows = all(demo.rows(entity));
    if (entity === 'orgs') return [...rows, ...rows.slice(0, 1)];
    return entity === 'courses' ? rows.slice(1) : rows;
  };
  const breaks = findBreaks(broken);
  expect(breaks).toContain('orgs dist-1 twice');
  expect(breaks.some((text) => text.includes('courseSourcedId'))).toBe(true);
});

test('values are as the binding wants them: ids, enumerations, dates', () => {
  for (const entity of entities) {
    for (const { sourcedId, values } of demo.rows(entity)) {
      expect(sourcedId).toMatch(sourcedIdPattern);
      for (const { name, kind } of models[entity].columns) {
        const value = values[name];
        if (value === undefined) continue;
        if (kind.is === 'oneOf') expect(kind.values).toContain(value);
        if (kind.is === 'date') expect(new Date(value).toISOString().slice(0, 10)).toBe(value);
        if (kind.is === 'boolean') expect(value).toMatch(/^(true|false)$/);
      }
    }
  }
});

test('the same options give the same rows, another seed gives others', () => {
  const again = createDistrict({ seed: 7, size: districtSizes.demo });
  const other = createDistrict({ seed: 8, size: districtSizes.demo });
  expect(all(again.rows('users'))).toEqual(all(demo.rows('users')));
  expect(all(other.rows('users'))).not.toEqual(all(demo.rows('users')));
});

test('user names and addresses are unique, and names are of many scripts', () => {
  const users = all(demo.rows('users')).map(({ values }) => values);
  expect(new Set(users.map(({ username }) => username)).size).toBe(users.length);
  expect(new Set(users.map(({ email }) => email)).size).toBe(users.length);
  expect(users.filter(({ username }) => !/^[a-z]+(\.[a-z]+)*\d+$/.test(username ?? ''))).toEqual([]);
  const named = users.map(({ givenName, familyName }) => `${givenName} ${familyName}`).join();
  for (const letters of [/[áéíñ]/, /[łż]/, /[şğ]/, /[ấễạ]/, /[Ѐ-ӿ]/, /[Ͱ-Ͽ]/]) expect(named).toMatch(letters);
});

test('every class has one teacher, and students have each class once', () => {
  const enrollments = all(demo.rows('enrollments')).map(({ values }) => values);
  const taught = enrollments
    .filter(({ role }) => role === 'teacher')
    .map(({ classSourcedId }) => classSourcedId);
  expect(new Set(taught).size).toBe(demo.count('classes'));
  expect(taught.length).toBe(demo.count('classes'));
  const pairs = enrollments.map(({ userSourcedId, classSourcedId }) => `${userSourcedId} ${classSourcedId}`);
  expect(new Set(pairs).size).toBe(pairs.length);
});

test('an enrollment is at the school of its class, and no class is larger than it may be', () => {
  const classes = byId(demo, 'classes');
  const sizes = new Map<string | undefined, number>();
  for (const { values } of demo.rows('enrollments')) {
    const { classSourcedId = '', schoolSourcedId, role } = values;
    expect(schoolSourcedId).toBe(classes.get(classSourcedId)?.values.schoolSourcedId);
    if (role === 'student') sizes.set(classSourcedId, (sizes.get(classSourcedId) ?? 0) + 1);
  }
  expect(Math.max(...sizes.values())).toBeLessThanOrEqual(districtSizes.demo.classSize);
});

test.each(['users', 'enrollments', 'classes'] as const)(
  'a night changes about the asked share of %s',
  (entity) => {
    const [before, after] = [byId(demo, entity), byId(demo.changed(0.1, 1), entity)];
    const different = [...new Set([...before.keys(), ...after.keys()])].filter(
      (id) => JSON.stringify(before.get(id)?.values) !== JSON.stringify(after.get(id)?.values),
    );
    expect(different.length / before.size).toBeGreaterThan(0.07);
    expect(different.length / before.size).toBeLessThan(0.13);
  },
);

test.each(entities)(
  'what a delta says of %s turns the district as it was into the one after the night',
  (entity) => {
    const night = demo.changed(0.1, 4);
    const rows = byId(demo, entity);
    for (const row of night.delta(entity)) {
      if (row.status === 'tobedeleted') expect(rows.delete(row.sourcedId)).toBe(true);
      else rows.set(row.sourcedId, row);
    }
    const sorted = (some: Iterable<SourceRow>) =>
      all(some).sort((a, b) => (a.sourcedId < b.sourcedId ? -1 : 1));
    expect(sorted(rows.values())).toEqual(sorted(night.rows(entity)));
  },
);

test('rounds differ from each other, and what differs carries the time of its round', () => {
  const [first, second] = [demo.changed(0.05, 1), demo.changed(0.05, 2)];
  const ids = (district: District) => all(district.delta('users')).map(({ sourcedId }) => sourcedId);
  expect(ids(first)).not.toEqual(ids(second));
  const times = new Set(all(second.delta('users')).map(({ dateLastModified }) => dateLastModified));
  expect([...times]).toEqual(['2026-08-05T05:30:00.000Z']);
});

test('a large district streams: the first rows are there without the millions behind them', () => {
  const large = createDistrict({ seed: 7, size: districtSizes.largest });
  const [first, second] = large.rows('enrollments');
  expect([first?.sourcedId, second?.sourcedId]).toEqual(['enr-100001', 'enr-100002']);
});
