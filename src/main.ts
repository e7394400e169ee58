import { readConfig } from './config.ts';
import type { Duties } from './main/run-hub.ts';
import { DomainError } from './platform/errors.ts';

interface Process {
  duties: Omit<Duties, 'demo'>;
  about: string;
}

const processes: Readonly<Record<string, Process>> = {
  start: {
    duties: { serve: true, work: true, migrate: true },
    about: `Brings the database up to date, then serves and works until it is told to stop.

  --demo   With a simulated LMS, schools and a sample tool, whose data lie apart`,
  },
  serve: {
    duties: { serve: true, work: false, migrate: false },
    about: 'Answers requests until it is told to stop. It has no options.',
  },
  work: {
    duties: { serve: false, work: true, migrate: false },
    about: 'Works on jobs until it is told to stop. It has no options.',
  },
};

const settingsHint =
  'Settings are environment variables: docs/operations.md lists them. Commands: npm run hub -- --help';

async function main(argv: readonly string[]): Promise<number> {
  // As before a command.
  const [name = '', ...rest] =
    argv[0] === '--demo' && isProcess(argv[1]) ? [argv[1], '--demo', ...argv.slice(2)] : argv;
  const chosen = isProcess(name) ? processes[name] : undefined;
  if (chosen === undefined) return runCommand(argv);
  const { duties, about } = chosen;
  if (rest.includes('--help')) {
    process.stdout.write(`${about}\n\n${settingsHint}\n`);
    return 0;
  }
  const demo = name === 'start' && rest.includes('--demo');
  const unknown = rest.find((option) => !(name === 'start' && option === '--demo'));
  if (unknown !== undefined) {
    const known = name === 'start' ? 'It has --demo only' : 'It has none';
    throw new DomainError(
      'input',
      'option_unknown',
      `"${name}" has no option ${unknown}. ${known}; docs/operations.md lists the settings.`,
    );
  }
  const { runHub } = await import('./main/run-hub.ts');
  return runHub(readConfig({ demo }), { ...duties, demo }, (text) => void process.stdout.write(`${text}\n`));
}

function isProcess(name: string | undefined): name is string {
  return name !== undefined && Object.hasOwn(processes, name);
}

/** A command does not load what only a running hub needs, and the other way round. With `--demo` before it, it is the demo's. */
async function runCommand(argv: readonly string[]): Promise<number> {
  const demo = argv[0] === '--demo';
  const { runCli } = await import('./cli/run-cli.ts');
  const { createCliIo } = await import('./main/cli-io.ts');
  const { openCliHub, migrateForCommand } = await import('./main/cli-hub.ts');
  const io = createCliIo({
    openHub: () => openCliHub(readConfig({ demo })),
    migrate: () => migrateForCommand(readConfig({ demo })),
  });
  return runCli(demo ? argv.slice(1) : argv, io);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // Only our own messages are written for people and free of secrets.
  const known = error instanceof DomainError;
  process.stderr.write(
    known ? `${error.message}\n` : `The hub could not start: ${String((error as Error)?.stack)}\n`,
  );
  process.exitCode = known && error.kind === 'input' ? 2 : 1;
}
