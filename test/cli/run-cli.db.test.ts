import { expect, test } from 'vitest';
import type { CliIo } from '../../src/cli/command.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { createTestDatabase } from '../support/database.ts';
import { clock, createCommandLine, toolWords } from './command-line.ts';

const testDatabase = await createTestDatabase();
const { done, hub } = createCommandLine(testDatabase);

test('a database that is up to date has nothing to migrate', async () => {
  expect(await done('migrate')).toEqual({ applied: [] });
});

test.each([
  [[], 0, 'Usage: npm run hub --'],
  [['--help'], 0, 'tenant create'],
  [['tool', '--help'], 0, 'tool disable-for'],
  [['tool', 'create', '--help'], 0, '--redirect-uri'],
  [['tenant', 'show', '--help'], 0, '<slug>'],
])('%j gives help', async (argv, exitCode, text) => {
  expect(await hub(argv)).toMatchObject({ exitCode, err: '', out: expect.stringContaining(text), opened: 0 });
});

test.each([
  [['tenent', 'create'], 'Did you mean "tenant create"?'],
  [['tenant'], '"tenant" needs one of: create, list, show, rotate-key'],
  [['tenant', 'make'], 'There is no command "tenant make"'],
  [
    ['tenant', 'nonsense'],
    'There is no command "tenant nonsense". There are: create, list, show, rotate-key.',
  ],
  [['nonsense'], 'There is no command "nonsense"'],
  [['--slug', 'x'], 'Begin with a command'],
  [['constructor', 'name'], 'There is no command'],
  [['tenant', 'create', '--slgu', 'x'], 'Did you mean "--slug"?'],
  [['tenant', 'create', '-s', 'x'], 'There is no option -s'],
  [['tenant', 'create'], 'Missing: --slug <slug>, --name <text>'],
  [['tenant', 'create', '--slug'], '--slug needs a value'],
  [['tenant', 'create', '--slug='], '--slug needs a value'],
  [['tenant', 'create', '--slug', 'a', '--slug', 'b'], '--slug is given twice'],
  [['tenant', 'create', '--name', '-x'], 'write --name=-x'],
  [['tenant', 'list', '--json=yes'], '--json takes no value'],
  [['tenant', 'list', 'extra'], 'one word too many'],
  [['tenant', 'show'], '<slug> is missing'],
  [['lms', 'connect', '--family', 'canvs'], 'Did you mean "canvas"?'],
  [['tool', 'update', 'x'], 'no setting is given'],
  [['tool', 'enable', '--tenant', 'a', '--tool', 'b', '--custom', 'novalue'], 'name=value'],
  [['lms', 'list'], '--tenant or --hub has to be given'],
  [['lms', 'list', '--hub', '--tenant', 'a'], 'exclude each other'],
  [['lms', 'update', 'x', '--hub', '--clock-skew', 'soon'], '--clock-skew must be a whole number'],
  [['launch', 'list', '--tenant', 'a', '--limit', '0'], '--limit must be from 1 to 1000'],
  [['deployment', 'refuse', '--deployment', 'x'], '--tenant or --registration'],
  [['deployment', 'refuse', '--deployment', 'x', '--registration', 'y'], '--registration must be an id'],
  [['policy', 'set', '--tenant', 'a', '--tool', 'b'], 'no setting is given'],
  [['policy', 'set', '--tenant', 'a', '--tool', 'b', '--rule', 'x'], 'purpose:field=action'],
  [
    ['policy', 'set', '--tenant', 'a', '--tool', 'b', '--rule', 'launch:person.nam=allow'],
    'Did you mean "person.name"?',
  ],
  [['policy', 'set', '--tenant', 'a', '--tool', 'b', '--rule', 'lunch:roles=allow'], 'launch, roster'],
  [['policy', 'set', '--tenant', 'a', '--tool', 'b', '--rule', 'launch:roles=show'], 'allow, hash, drop'],
])('%j is refused without touching the database, in one line that says what to do', async (argv, message) => {
  const result = await hub(argv);
  expect(result).toMatchObject({ exitCode: 2, out: '', opened: 0, err: expect.stringContaining(message) });
  expect(result.err.trimEnd()).not.toContain('\n');
  const asJson = await hub([...argv, '--json']);
  expect(asJson.exitCode).toBe(2);
  expect(JSON.parse(asJson.err).error).toMatchObject({ message: expect.any(String), code: 'usage' });
});

test.each([
  [['tenant', 'create', '--slug', 'Bad Slug', '--name', 'x'], '--slug: A short name has'],
  [
    [...toolWords('fine'), '--jwks-url', 'http://quiz.example'],
    '--jwks-url: The address must begin with https://',
  ],
  [[...toolWords('fine'), '--redirect-uri', 'quiz'], '--redirect-uri: Give a complete web address'],
  [['lms', 'show', 'not-an-id', '--hub'], '<id> must be an id'],
])('a wrong value in %j is named by its option', async (argv, message) => {
  expect(await hub(argv)).toMatchObject({ exitCode: 2, err: expect.stringContaining(message) });
});

test.each([
  ['tenant_unknown', ['tenant', 'show', 'nobody']],
  ['tool_unknown', ['tool', 'show', 'nobody']],
  ['tenant_unknown', ['launch', 'list', '--tenant', 'nobody']],
  ['registration_unknown', ['lms', 'show', '0199c5a4-0000-7000-8000-000000000000', '--hub']],
])('what does not exist is refused as %s with exit code 1', async (code, argv) => {
  const { exitCode, out, err } = await hub([...argv, '--json']);
  expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
  expect(JSON.parse(err).error.code).toBe(code);
});

test('an unforeseen failure says its kind only, and the hub is closed', async () => {
  const io = {
    clock,
    out: () => {},
    err: (text: string) => {
      said += text;
    },
    openHub: async () => {
      throw new RangeError('secret-value');
    },
  } as unknown as CliIo;
  let said = '';
  expect(await runCli(['tenant', 'list'], io)).toBe(1);
  expect(said).toContain('RangeError');
  expect(said).not.toContain('secret-value');
});
