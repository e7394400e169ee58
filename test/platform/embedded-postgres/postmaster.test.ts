import { expect, test } from 'vitest';
import { clusterName, isAttended } from '../../../src/platform/embedded-postgres/postmaster.ts';

const commandLine = `postgres\0-D\0/data/cluster\0-c\0cluster_name=${clusterName(1234)}\0-c\0fsync=off\0`;

test('a server is attended while its parent is the program that started it', () => {
  expect(isAttended({ parent: 1234, commandLine })).toBe(true);
});

test.each([1, 12, 123, 12345])(
  'a server handed to process %i is an orphan, however alike the numbers look',
  (parent) => {
    expect(isAttended({ parent, commandLine })).toBe(false);
  },
);

test('a server that somebody else started is not ours to count on', () => {
  expect(isAttended({ parent: 1, commandLine: 'postgres\0-D\0/data/cluster\0' })).toBe(false);
});
