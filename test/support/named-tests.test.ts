import { expect, test } from 'vitest';
import { readTests } from './named-tests.ts';

const names = (text: string) => readTests(text).map(({ name }) => name);

test('a test is found by its name, also in groups, tables and loops', () => {
  const text = `
    test('one', () => {});
    it("two", async () => {});
    describe('group', () => { test(\`three\`, () => {}); describe.each([1])('%s', (x) => { test('four', () => {}); }); });
    test.each(Object.entries(cases))('five: %s', (name, value) => {});
    for (const each of list) test('six', () => {});
    test('seven\\'s', { timeout: 5 }, () => {});`;
  expect(names(text)).toEqual(['one', 'two', 'three', 'four', 'five: %s', 'six', "seven's"]);
  expect(readTests(text)[4]).toEqual({ name: 'five: %s', table: 'Object.entries(cases)' });
});

// Written so, since no file of tests may hold what they are to be told from.
const [name, group] = ['test', 'describe'];

test.each([
  ['in a comment', "// test('x', () => {});"],
  ['in a text', `const text = "test('x', () => {})";`],
  ['skipped', `${name}.skip('x', () => {});`],
  ['skipped with its group', `${group}.skip('group', () => { test('x', () => {}); });`],
  ['in a table that is skipped', `${name}.skip.each([1])('x', () => {});`],
  ['to be written yet', `${name}.todo('x');`],
  ['without anything to run', "test('x');"],
  ['under a condition', "if (process.env.CI) test('x', () => {});"],
  ['in a function that nobody calls', "function later() { test('x', () => {}); }"],
  ['expected to fail', `${name}.fails('x', () => {});`],
  ['only somebody else’s', "other('x', () => {});"],
])('what is %s is no test that runs', (_how, text) => {
  expect(names(text)).toEqual([]);
});
