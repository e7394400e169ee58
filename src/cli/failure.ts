import { DomainError } from '../platform/errors.ts';
import { type Command, programName } from './command.ts';
import { UsageError } from './usage-error.ts';

export interface Failure {
  exitCode: 1 | 2;
  code: string;
  /** One or more lines that say what to do. */
  message: string;
  details?: Record<string, unknown>;
}

/**
 * What to tell of an error: its message where it was written for people, and otherwise only its kind, since
 * errors of libraries can hold data.
 */
export function explainFailure(error: unknown, command: Command | undefined): Failure {
  if (error instanceof UsageError) {
    const help = [programName, error.command, '--help'].filter((word) => word !== undefined).join(' ');
    return { exitCode: 2, code: error.code, message: `${error.message} See: ${help}` };
  }
  if (error instanceof DomainError) {
    return {
      exitCode: error.kind === 'input' ? 2 : 1,
      code: error.code,
      message: nameOption(error, command),
      ...(error.details === undefined ? {} : { details: error.details }),
    };
  }
  const kind = error instanceof Error ? error.name : typeof error;
  const code = error instanceof Error && 'code' in error ? ` ${String(error.code)}` : '';
  return {
    exitCode: 1,
    code: 'internal',
    message: `The command failed inside the hub (${kind}${code}). Nothing was changed. Check the database's log.`,
  };
}

/** Input errors speak of fields; at the command line those are options. */
function nameOption(error: DomainError, command: Command | undefined): string {
  const issue = Array.isArray(error.details?.issues) ? error.details.issues[0] : undefined;
  if (typeof issue?.path !== 'string' || typeof issue.message !== 'string') return error.message;
  // Settings are named by themselves: one called "name" is not the option --name.
  if (error.code.endsWith('_settings_invalid')) return error.message;
  const options = Object.keys(command?.options ?? {});
  const option = issue.path
    .split('.')
    .map((field: string) => optionOf(field, options))
    .find((name: string | undefined) => name !== undefined);
  return option === undefined ? error.message : `--${option}: ${issue.message}`;
}

function optionOf(field: string, options: readonly string[]): string | undefined {
  const kebab = field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const spellings = [kebab, kebab.replace(/s$/, ''), `${kebab}-file`, kebab.replace(/-seconds$/, '')];
  return options.find((option) => spellings.includes(option));
}
