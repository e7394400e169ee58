import { parseArgs } from 'node:util';
import { type Command, globalOptions, type OptionSpec } from './command.ts';
import { didYouMean } from './suggest.ts';
import { UsageError } from './usage-error.ts';
import { Values } from './values.ts';

/** The command that the first words name, and the words after it. */
export type Understood =
  | { kind: 'command'; command: Command; rest: string[] }
  | { kind: 'help'; commands: readonly Command[]; topic: string };

/**
 * Finds the command. Without one, or with a group's name alone and `--help`, help is what is wanted.
 *
 * @throws UsageError for words that name no command
 */
export function understand(argv: readonly string[], commands: readonly Command[]): Understood {
  const firstOption = argv.findIndex((word) => word.startsWith('-'));
  const words = argv.slice(0, firstOption === -1 ? argv.length : firstOption);
  const [first = '', second = ''] = words;
  for (const name of [`${first} ${second}`, first]) {
    const command = commands.find((each) => each.name === name);
    if (command !== undefined) return { kind: 'command', command, rest: argv.slice(name.split(' ').length) };
  }
  const asksForHelp = argv.includes('--help') || argv.length === 0;
  const group = commands.filter((each) => each.name.startsWith(`${first} `));
  if (asksForHelp && second === '') {
    if (first === '') return { kind: 'help', commands, topic: '' };
    if (group.length > 0) return { kind: 'help', commands: group, topic: first };
  }
  if (first === '') throw new UsageError('Begin with a command, then its options.');
  const wanted = second === '' ? first : `${first} ${second}`;
  if (group.length > 0 && second === '') {
    throw new UsageError(`"${first}" needs one of: ${group.map(lastWord).join(', ')}.`, first);
  }
  const names = commands.map((each) => each.name);
  const firstWords = new Set(names.map((name) => name.split(' ')[0] ?? name));
  const there = ` There are: ${group.map(lastWord).join(', ')}.`;
  const hint = didYouMean(wanted, names) || (group.length > 0 ? there : didYouMean(first, firstWords));
  throw new UsageError(`There is no command "${wanted}".${hint}`, group.length > 0 ? first : undefined);
}

function lastWord({ name }: Command): string {
  return name.split(' ').at(-1) ?? name;
}

/**
 * Reads the words after the command.
 *
 * @throws UsageError for an unknown, repeated, missing or malformed option or argument
 */
export function parseValues(command: Command, rest: readonly string[]): Values {
  const specs = { ...command.options, ...globalOptions };
  const refuse = (message: string) => new UsageError(message, command.name);
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, { value, multiple = false }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const), multiple },
    ]),
  );
  // Read leniently first: the words themselves tell better what is wrong than the strict reading's error.
  const { tokens } = parseArgs({ args: [...rest], options, strict: false, tokens: true });
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const complaint = complainAboutOption(token, specs, seen);
    if (complaint !== undefined) throw refuse(complaint);
    seen.add(token.name);
  }
  const { values, positionals } = parseArgs({ args: [...rest], options, allowPositionals: true });
  const given = new Map(Object.entries(values).filter(([, value]) => value !== undefined));
  const wanted = command.arguments ?? [];
  for (const [index, { name }] of wanted.entries()) {
    const word = positionals[index];
    if (word === undefined && !values.help) throw refuse(`Say which: <${name}> is missing.`);
    if (word !== undefined) given.set(name, word);
  }
  const extra = positionals[wanted.length];
  if (extra !== undefined) throw refuse(`"${extra}" is one word too many. Options begin with two hyphens.`);
  return new Values(command, given);
}

interface OptionToken {
  name: string;
  rawName: string;
  value?: string | undefined;
  inlineValue?: boolean | undefined;
}

function complainAboutOption(
  token: OptionToken,
  specs: Readonly<Record<string, OptionSpec>>,
  seen: ReadonlySet<string>,
): string | undefined {
  const { name, rawName, value, inlineValue } = token;
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
  if (spec === undefined) {
    const hint = didYouMean(
      rawName,
      Object.keys(specs).map((each) => `--${each}`),
    );
    return `There is no option ${rawName} here.${hint}`;
  }
  if (seen.has(name) && !spec.multiple) return `${rawName} is given twice.`;
  if (spec.value === undefined) return value === undefined ? undefined : `${rawName} takes no value.`;
  if (value === undefined || value === '') return `${rawName} needs a value: <${spec.value}>.`;
  // A hyphen alone stands for standard input.
  if (value.startsWith('-') && value !== '-' && !inlineValue) {
    return `${rawName} needs a value. For one that begins with a hyphen write ${rawName}=${value}.`;
  }
  if (spec.choices !== undefined && !spec.choices.includes(value)) {
    return `${rawName} must be one of: ${spec.choices.join(', ')}.${didYouMean(value, spec.choices)}`;
  }
  return undefined;
}

/** @throws UsageError naming every required option that is missing */
export function requireOptions(command: Command, values: Values): void {
  const missing = Object.entries(command.options ?? {})
    .filter(([name, { required, multiple }]) => required && isMissing(values, name, multiple))
    .map(([name, { value }]) => `--${name} <${value}>`);
  if (missing.length > 0) throw new UsageError(`Missing: ${missing.join(', ')}.`, command.name);
}

function isMissing(values: Values, name: string, multiple: boolean | undefined): boolean {
  return multiple ? values.list(name).length === 0 : values.optional(name) === undefined;
}
