import type { ChangeBy } from '../tenants/changes.ts';
import type { Answer, CliHub, CliIo, Command } from './command.ts';
import { commands } from './commands.ts';
import { explainFailure } from './failure.ts';
import { commandHelp, listHelp } from './help.ts';
import { visibleLines } from './layout.ts';
import { parseValues, requireOptions, understand } from './parse.ts';
import type { Values } from './values.ts';

/**
 * Runs one command of the hub.
 *
 * @param argv the words after the program's name
 * @returns the exit code: 0 done, 1 refused or failed, 2 the command line or a value in it is wrong
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<0 | 1 | 2> {
  let command: Command | undefined;
  try {
    const understood = understand(argv, commands);
    if (understood.kind === 'help') {
      io.out(listHelp(understood.commands, understood.topic));
      return 0;
    }
    command = understood.command;
    const values = parseValues(command, understood.rest);
    if (values.flag('help')) {
      io.out(commandHelp(command));
      return 0;
    }
    requireOptions(command, values);
    const answer = await runCommand(command, values, io);
    const said = values.flag('json') ? JSON.stringify(answer.json, null, 2) : answer.text;
    io.out(`${visibleLines(said)}\n`);
    return 0;
  } catch (error) {
    const { exitCode, ...failure } = explainFailure(error, command);
    const said = argv.includes('--json') ? JSON.stringify({ error: failure }) : failure.message;
    io.err(`${visibleLines(said)}\n`);
    return exitCode;
  }
}

async function runCommand(command: Command, values: Values, io: CliIo): Promise<Answer> {
  let opened: CliHub | undefined;
  const open = async () => {
    opened ??= await io.openHub();
    return { hub: opened, by: attribute(command, values, io.clock.now()) };
  };
  try {
    return await command.run({ values, io, open });
  } finally {
    await opened?.close();
  }
}

function attribute(command: Command, values: Values, now: number): ChangeBy {
  const reason = values.optional('reason');
  const actor = `command:${command.name.replace(' ', '.')}`;
  return { actor, now, ...(reason === undefined ? {} : { reason }) };
}
