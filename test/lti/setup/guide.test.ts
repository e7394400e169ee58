import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { setupOf } from '../../../src/lti/setup/setup.ts';

const guide = await readFile(new URL('../../../docs/onboarding.md', import.meta.url), 'utf8');

const quarters: Readonly<Record<string, number>> = { '¼': 0.25, '½': 0.5, '¾': 0.75 };

/** A number of minutes as the guide writes it, such as 2¾. */
function minutesOf(text: string): number {
  const [, whole = '', quarter = ''] = /^(\d*)([¼½¾]?)$/.exec(text) ?? [];
  if (whole === '' && quarter === '') throw new Error(`"${text}" is no number of minutes`);
  return Number(whole) + (quarters[quarter] ?? 0);
}

/** The cells of the rows of its tables that tell minutes. */
const rows = guide
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map((cells) => ({ step: cells[1] ?? '', text: cells[2] ?? '', minutes: cells.at(-2) ?? '' }))
  .filter(({ minutes }) => /^[\d¼½¾]+$/.test(minutes));

test('the minutes of the guide add up to what it says of each way, and each is under 15', () => {
  const steps = rows.filter(({ step }) => step !== '').map(({ minutes }) => minutesOf(minutes));
  const all = steps.reduce((sum, each) => sum + each, 0);
  const ways = Object.fromEntries(
    rows.filter(({ step }) => step === '').map(({ text, minutes }) => [text[0], minutesOf(minutes)]),
  );
  const said = [...guide.matchAll(/\*\*([\d¼½¾]+)(?: minutes)?\*\*/g)].map(([, text = '']) =>
    minutesOf(text),
  );
  // By a link; by Canvas's document or by hand.
  expect(ways.b).toBe(ways.c);
  expect(said).toEqual([ways.a, ways.b].map((way) => all + (way ?? Number.NaN)));
  expect(said.filter((each) => each < 15)).toEqual(said);
});

test('the parts of entering an LMS by hand add up to its minutes, and as many values are on the sheet', () => {
  const parts = /5b is made of: ([^.]+)\./.exec(guide)?.[1] ?? '';
  const sum = [...parts.matchAll(/ ([\d¼½¾]+)(?=,|$)/g)].reduce(
    (all, [, text = '']) => all + minutesOf(text),
    0,
  );
  expect(sum).toBe(minutesOf(rows.find(({ text }) => text.startsWith('b.'))?.minutes ?? ''));
  const place = {
    host: 'hub.example',
    baseUrl: 'https://hub.example',
    tenantSlug: 'school',
    tools: ['reader'],
  };
  const { fields } = setupOf('generic', place);
  expect(fields.filter(({ ifAsked }) => !ifAsked)).toHaveLength(6);
  expect(fields.filter(({ ifAsked }) => ifAsked)).toHaveLength(6);
});

test('clicks and fields of the guide are those that the browser test counts', async () => {
  const journey = await readFile(new URL('../../e2e/console/setup.test.ts', import.meta.url), 'utf8');
  const [, clicks, entries] =
    /counts\(\)\)\.toEqual\(\{ clicks: (\d+), entries: (\d+) \}\)/.exec(journey) ?? [];
  expect(guide).toContain(`clicks ${clicks} times and fills in ${entries} fields`);
});
