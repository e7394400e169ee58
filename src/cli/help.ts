import { type Command, globalOptions, type OptionSpec, programName } from './command.ts';
import { columns } from './layout.ts';

/** What the program does beside single commands. */
const processes = `

To run the hub itself: start (serves and works, the one to begin with: npm start), serve, work.
To work on the data of the demo: --demo before the command.
For programs, keep npm's own words out of the answer: npm run --silent hub -- tenant list --json`;

/** All commands, or those of one group. */
export function listHelp(commands: readonly Command[], topic: string): string {
  const lead = topic === '' ? 'Gatehouse: the integration hub between schools and tools.\n\n' : '';
  const rows = commands.map(({ name, about }) => [`  ${name}`, about]);
  const call = [programName, topic, '<command>', '[options]'].filter((word) => word !== '').join(' ');
  const examples = commands.slice(0, 3).flatMap((command) => command.examples.slice(0, 1));
  return `${lead}Usage: ${call}

Commands:
${columns(rows)}

Every command takes --json and --help.${topic === '' ? processes : ''}

Examples:
${examples.map(example).join('\n')}
`;
}

/** One command. */
export function commandHelp(command: Command): string {
  const { name, about, examples, options = {} } = command;
  const words = (command.arguments ?? []).map((argument) => `<${argument.name}>`);
  const required = Object.entries(options).filter(([, spec]) => spec.required);
  const call = [
    programName,
    name,
    ...words,
    ...required.map(([option, spec]) => usage(option, spec)),
    '[options]',
  ];
  const argumentRows = (command.arguments ?? []).map((argument) => [`  <${argument.name}>`, argument.about]);
  const optionRows = Object.entries({ ...options, ...globalOptions }).map(([option, spec]) => [
    `  ${usage(option, spec)}`,
    describe(spec),
  ]);
  const parts = [
    `${about}\n\nUsage: ${call.join(' ')}`,
    argumentRows.length > 0 ? `Arguments:\n${columns(argumentRows)}` : '',
    `Options:\n${columns(optionRows)}`,
    `Examples:\n${examples.map(example).join('\n')}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function usage(option: string, { value }: OptionSpec): string {
  return value === undefined ? `--${option}` : `--${option} <${value}>`;
}

function describe({ about, required, multiple, choices }: OptionSpec): string {
  const notes = [
    required ? 'required' : '',
    multiple ? 'repeatable' : '',
    choices === undefined ? '' : `one of: ${choices.join(', ')}`,
  ].filter((note) => note !== '');
  return notes.length === 0 ? about : `${about} (${notes.join('; ')})`;
}

function example(text: string): string {
  return `  ${programName} ${text}`;
}
