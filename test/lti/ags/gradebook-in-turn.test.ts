import { expect, test } from 'vitest';
import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { takeTurns } from '../../../src/lti/ags/gradebook-in-turn.ts';
import type { LmsCourse } from '../../../src/lti/lms/gradebook.ts';
import { createFakeGradebook, lmsItem } from './support/fake-gradebook.ts';

const school = (name: string): LmsCourse => ({
  tenantId: name as TenantId,
  connectionId: name as ConnectionId,
  deploymentId: 'd',
});

/** A gradebook in which no reading ends before it is told to, and the turns before it. */
function slowGradebook() {
  const fake = createFakeGradebook();
  const { promise, resolve } = Promise.withResolvers<[]>();
  let under = 0;
  fake.readResults = () => {
    under += 1;
    return promise;
  };
  const gradebook = takeTurns(fake);
  const readings: Promise<unknown>[] = [];
  const readALot = (name: string) => {
    const course = school(name);
    for (let i = 0; i < 100; i++) readings.push(gradebook.readResults(course, 'https://lms.example/items/1'));
  };
  const finish = () => {
    resolve([]);
    return Promise.all(readings);
  };
  return { fake, gradebook, readALot, finish, under: () => under };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a tool that reads without pause takes a part of what a school, and a host of many schools, can carry', async () => {
  const { readALot, finish, under } = slowGradebook();
  readALot('north');
  await settled();
  expect(under()).toBe(16);
  for (const name of ['south', 'east', 'west']) readALot(name);
  await settled();
  expect(under()).toBe(32);
  await finish();
  expect(under()).toBe(400);
});

test('another host is not held up by it', async () => {
  const { fake, gradebook, readALot, finish } = slowGradebook();
  for (const name of ['north', 'south', 'east']) readALot(name);
  const url = 'https://other.example/items';
  fake.containers.set(url, [lmsItem(`${url}/1`)]);
  expect(await gradebook.listLineItems(school('far'), url, {})).toHaveLength(1);
  await finish();
});

test('every call goes through as it is', async () => {
  const fake = createFakeGradebook();
  const gradebook = takeTurns(fake);
  const url = 'https://lms.example/items';
  const course = school('north');
  const { id } = await gradebook.createLineItem(course, url, {
    label: 'Quiz',
    scoreMaximum: 1,
    extensions: {},
  });
  const item = { ...(await gradebook.readLineItem(course, id)), label: 'Essay' };
  expect(await gradebook.updateLineItem(course, item)).toEqual(item);
  expect(await gradebook.listLineItems(course, url, { tag: 't' })).toEqual([item]);
  expect(await gradebook.readResults(course, id, 'p')).toEqual([]);
  await gradebook.deleteLineItem(course, id);
  expect(fake.calls.map(({ what, given }) => [what, ...given])).toEqual([
    ['createLineItem', url, { label: 'Quiz', scoreMaximum: 1, extensions: {} }],
    ['readLineItem', id],
    ['updateLineItem', item],
    ['listLineItems', url, { tag: 't' }],
    ['readResults', id, 'p'],
    ['deleteLineItem', id],
  ]);
});
