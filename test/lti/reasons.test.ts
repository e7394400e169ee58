import { expect, test } from 'vitest';
import { en } from '../../src/lti/pages/texts/en.ts';
import { adviceFor, isReasonCode, reason, reasonCodes } from '../../src/lti/reasons.ts';

test('every reason has its three texts, a specification and advice', () => {
  for (const code of reasonCodes) {
    const { texts, specification, advice } = reason(code);
    for (const part of ['title', 'happened', 'next']) expect(en).toHaveProperty([`reason.${texts}.${part}`]);
    expect(specification, code).not.toBe('');
    expect(advice, code).toMatch(/\.$/);
  }
});

test('every specification is named with its section, by number or title; what has none is a rule of the hub’s own, and says which', () => {
  for (const code of reasonCodes) {
    const { specification } = reason(code);
    const cited = specification
      .split(';')
      .some((part) => /^Hub: \S|, ((§ ?)?[A-Z]?\d|"[A-Z])/.test(part.trim()));
    expect([code, cited]).toEqual([code, true]);
  }
});

test('no text group stands unused', () => {
  const used = new Set(reasonCodes.map((code) => reason(code).texts));
  const written = Object.keys(en).flatMap((key) => /^reason\.(\w+)\.title$/.exec(key)?.[1] ?? []);
  expect(written.sort()).toEqual([...used].sort());
});

test('a code is snake_case and is found under itself', () => {
  for (const code of reasonCodes) {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(reason(code).code).toBe(code);
  }
});

test('whoever’s turn it is fits how the launch is counted', () => {
  for (const code of reasonCodes) {
    const { outcome, turn } = reason(code);
    if (outcome === 'user_error') expect([code, turn]).toEqual([code, 'you']);
    if (outcome === 'failed_hub') expect(['hub', 'you']).toContain(turn);
    if (turn === 'partner') expect(outcome, code).not.toBe('failed_hub');
  }
});

test('advice for a family follows the general advice where there is some', () => {
  expect(adviceFor('kid_unknown', 'moodle')).toMatch(/^The registered key set .*\/mod\/lti\/certs\.php/);
  expect(adviceFor('kid_unknown', 'sakai')).toBe(reason('kid_unknown').advice);
  expect(adviceFor('kid_unknown', 'generic')).toBe(reason('kid_unknown').advice);
});

test('only codes of the catalogue are codes', () => {
  expect(isReasonCode('state_unknown')).toBe(true);
  expect(isReasonCode('toString')).toBe(false);
});
