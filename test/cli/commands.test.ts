import { expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { commandHelp, listHelp } from '../../src/cli/help.ts';
import { parseValues, requireOptions, understand } from '../../src/cli/parse.ts';

/** Splits an example as a shell would: words, and words in double quotes. */
const words = (line: string) =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

test('no two commands have the same name, and every one has an example', () => {
  expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
  for (const { examples } of commands) expect(examples.length).toBeGreaterThan(0);
});

test.each(commands.flatMap(({ name, examples }) => examples.map((example) => [example, name])))(
  'the example "%s" is right',
  (example, name) => {
    const understood = understand(words(example), commands);
    if (understood.kind !== 'command') throw new Error('not a command');
    expect(understood.command.name).toBe(name);
    requireOptions(understood.command, parseValues(understood.command, understood.rest));
  },
);

test.each(commands.map((command) => [command.name, command] as const))(
  'the help of "%s" names every argument and option, with an example',
  (_name, command) => {
    const help = commandHelp(command);
    for (const { name } of command.arguments ?? []) expect(help).toContain(`<${name}>`);
    for (const name of Object.keys({ ...command.options, json: 0, help: 0 }))
      expect(help).toContain(`--${name}`);
    expect(help).toContain(`npm run hub -- ${command.examples[0]}`);
    expect(help).not.toMatch(/undefined|\[object/);
  },
);

test('the list of commands names every one of them', () => {
  const help = listHelp(commands, '');
  for (const { name } of commands) expect(help).toContain(`  ${name} `);
});

test('an option that is no option of ours cannot be taken from Object.prototype', () => {
  const command = commands.find(({ name }) => name === 'tenant list');
  for (const option of ['--constructor', '--toString', '--__proto__']) {
    expect(() => parseValues(command!, [option])).toThrow(/There is no option/);
  }
});
