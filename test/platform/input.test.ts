import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseInput } from '../../src/platform/input.ts';

const schema = z.object({
  baseUrl: z.string(),
  metadata: z.object({ url: z.string() }),
  count: z.number().optional(),
  name: z.string({ error: 'Give it a name.' }),
});

function messageOf(input: object): unknown {
  try {
    return parseInput(schema, input, 'test_invalid');
  } catch (error) {
    return (error as Error).message;
  }
}

test('what is missing is told by its name, in words of the schema where it has some', () => {
  const whole = { baseUrl: 'x', metadata: { url: 'x' }, name: 'x' };
  expect(messageOf(whole)).toEqual(whole);
  expect(messageOf({ ...whole, baseUrl: undefined })).toBe('baseUrl: It is missing, and needed.');
  expect(messageOf({ ...whole, metadata: {} })).toBe('metadata.url: It is missing, and needed.');
  expect(messageOf({ ...whole, name: undefined })).toBe('name: Give it a name.');
  expect(messageOf({ ...whole, count: 'two' })).toContain('count: ');
});
