import { expect, test } from 'vitest';
import { decideMeaning, planSpans } from '../../../src/health/calendars/classify.ts';

const event = (summary: string, from: string, to = from) => ({ summary, categories: [], from, to });

test.each([
  ['Fall Semester', 'term'],
  ['First day of the fall semester', 'term_start'],
  ['First Day of School', 'term_start'],
  ['Term 2 begins', 'term_start'],
  ['Last day of classes', 'term_end'],
  ['Winter Break', 'break'],
  ['No School – staff development', 'break'],
  ['Herbstferien', 'break'],
  ['Final exams', 'exams'],
  ['First day after Winter Break', 'break'],
  ['School play', undefined],
  ['Parents’ evening', undefined],
])('"%s" means %s', (summary, meaning) => {
  expect(decideMeaning({ summary, categories: [] }, [])).toBe(meaning);
});

test('the rules given stand in the place of the usual words, the first that fits counting', () => {
  const rules = [
    { text: 'Block A', meaning: 'term' as const },
    { text: 'block', meaning: 'exams' as const },
  ];
  expect(decideMeaning({ summary: 'BLOCK A', categories: [] }, rules)).toBe('term');
  expect(decideMeaning({ summary: 'x', categories: ['Block B'] }, rules)).toBe('exams');
  expect(decideMeaning({ summary: 'Winter Break', categories: [] }, rules)).toBeUndefined();
});

test('a first day and the last day after it make a term; those without the other are counted', () => {
  const { spans, unpaired, passedOver } = planSpans(
    [
      event('Last day of classes', '2026-12-18'),
      event('First day of classes', '2026-09-01'),
      event('First day of classes', '2027-01-11'),
      event('School play', '2026-10-10'),
      event('Winter Break', '2026-12-21', '2027-01-08'),
      event('Winter Break', '2026-12-21', '2027-01-08'),
    ],
    [],
  );
  expect(spans).toEqual([
    { kind: 'term', name: 'First day of classes', from: '2026-09-01', to: '2026-12-18' },
    { kind: 'break', name: 'Winter Break', from: '2026-12-21', to: '2027-01-08' },
  ]);
  expect({ unpaired, passedOver }).toEqual({ unpaired: 1, passedOver: 1 });
});
