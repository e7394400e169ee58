import { expect, test } from 'vitest';
import { DomainError } from '../../src/platform/errors.ts';
import { openLog } from '../../src/platform/log.ts';

function arrange() {
  const lines: string[] = [];
  const log = openLog({ level: 'info', destination: { write: (line: string) => void lines.push(line) } });
  return { log, lines };
}

test('a line is one JSON object with its event, level, time and ids', () => {
  const { log, lines } = arrange();
  log.info('launch_opened', { tenantId: 't1', milliseconds: 12 });
  expect(lines).toHaveLength(1);
  const line = JSON.parse(lines[0]!);
  expect(line).toMatchObject({ event: 'launch_opened', level: 'info', tenantId: 't1', milliseconds: 12 });
  expect(new Date(line.time).getTime()).toBeGreaterThan(0);
});

test('a line says that rights were raised', () => {
  const { log, lines } = arrange();
  log.info('request', { operatorId: 'o1', raised: true });
  expect(JSON.parse(lines[0]!)).toMatchObject({ operatorId: 'o1', raised: true });
});

test('what a database or parser quotes is not written', () => {
  const { log, lines } = arrange();
  const quoting = Object.assign(new Error('invalid input syntax: "pupil@school.example"'), {
    code: '22P02',
    detail: 'Key (email)=(pupil@school.example)',
    constraint: 'person_pkey',
  });
  log.error('failed', {
    error: new DomainError('internal', 'store_failed', 'Try again.', { cause: quoting }),
  });
  expect(lines[0]).not.toContain('pupil@school.example');
  expect(JSON.parse(lines[0]!).error).toMatchObject({
    code: 'store_failed',
    message: 'Try again.',
    cause: { code: '22P02', constraint: 'person_pkey' },
  });
});

test('an error says where in the code it happened', () => {
  const { log, lines } = arrange();
  log.error('failed', { error: new Error('whatever') });
  expect(JSON.parse(lines[0]!).error.at[0]).toContain('log.test.ts');
});

test('a copy of an error says where it happened, and not what it quotes', () => {
  const { log, lines } = arrange();
  const error = Object.assign(new Error('invalid input: "pupil@school.example"'), { code: '57P01' });
  log.error('failed', { error: { ...error, message: error.message, stack: error.stack } });
  expect(lines[0]).not.toContain('pupil@school.example');
  const described = JSON.parse(lines[0]!).error;
  expect(described).toMatchObject({ type: 'object', code: '57P01' });
  expect(described.at[0]).toContain('log.test.ts');
  for (const thrown of ['pupil@school.example', undefined, null]) log.error('failed', { error: thrown });
  expect(lines.join()).not.toContain('pupil@school.example');
});

test('lines of what an error quotes are not taken for places', () => {
  const { log, lines } = arrange();
  const quoting = new Error('invalid input: "Ada\n   at home (until May), 12 Elm Street"');
  for (const error of [quoting, { ...quoting, stack: quoting.stack }]) log.error('failed', { error });
  expect(lines.join()).not.toContain('Elm');
  for (const line of lines) expect(JSON.parse(line).error.at[0]).toContain('log.test.ts');
});

test('a value that is neither text nor number is left out', () => {
  const { log, lines } = arrange();
  log.info('odd', { reason: { secret: 'x' } } as never);
  expect(lines[0]).not.toContain('secret');
});

test('a long value is cut', () => {
  const { log, lines } = arrange();
  log.info('long', { reason: 'x'.repeat(5000) });
  expect(lines[0]!.length).toBeLessThan(500);
});
