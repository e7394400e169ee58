import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Gradebook, RecordedScore } from '../../src/demo/lms/grades/gradebook.ts';
import { openGradebook } from '../../src/demo/lms/grades/gradebook-file.ts';
import { demoWorld } from '../../src/demo/world.ts';
import { makeTestFolder } from '../support/test-folder.ts';

const course = 'ns-biology-9b';

function scoreOn(lineItemId: string, personId: string): RecordedScore {
  const progress = { activityProgress: 'Completed', gradingProgress: 'FullyGraded' } as const;
  const timestamp = '2026-03-01T08:00:00.000Z';
  return { lineItemId, personId, timestamp, ...progress, scoreGiven: 5, scoreMaximum: 10, arrivedAt: 1 };
}

function readBook(book: Gradebook) {
  return book.listLineItems(course).map((item) => [item, book.scoresOf(item)]);
}

test('scores and line items are there again, and removed ones stay away', async () => {
  const file = path.join(await makeTestFolder(), 'demo', 'gradebook.json');
  const book = await openGradebook(demoWorld, file);
  const [coupled, removed] = book.listLineItems(course);
  book.record(scoreOn(coupled!.id, 'ns-nwosu'));
  book.addLineItem(course, 'client', { label: 'Made by a tool', scoreMaximum: 3, tag: 't' });
  book.removeLineItem(removed!);
  await book.saved();
  const again = await openGradebook(demoWorld, file);
  expect(readBook(again)).toEqual(readBook(book));
  expect(again.listLineItems(course).map(({ label }) => label)).toEqual([
    'Cell structure lab',
    'Made by a tool',
  ]);
  expect(again.record(scoreOn(coupled!.id, 'ns-nwosu'))).toBe(false);
});

test('whoever waits for saving finds all that came before in the file', async () => {
  const folder = await makeTestFolder();
  const file = path.join(folder, 'gradebook.json');
  const book = await openGradebook(demoWorld, file);
  const { id } = book.listLineItems(course)[0]!;
  const people = Array.from({ length: 40 }, (_, index) => `person-${index}`);
  await Promise.all(
    people.map(async (person) => {
      book.record(scoreOn(id, person));
      await book.saved();
      const { scores } = JSON.parse(await readFile(file, 'utf8')) as { scores: RecordedScore[] };
      expect(scores.map(({ personId }) => personId)).toContain(person);
    }),
  );
  expect(await readdir(folder)).toEqual(['gradebook.json']);
});

test('a file of something else is left alone, with advice', async () => {
  const file = path.join(await makeTestFolder(), 'gradebook.json');
  await writeFile(file, '{"lineItems":');
  await expect(openGradebook(demoWorld, file)).rejects.toThrow(`Remove ${file}`);
  expect(await readFile(file, 'utf8')).toBe('{"lineItems":');
});
