import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { CliIo } from '../../src/cli/command.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import type { GradeDestination } from '../../src/grades/destination.ts';
import { DomainError } from '../../src/platform/errors.ts';
import { migrate } from '../../src/platform/migrate.ts';
import { parseKeyEncryptionKeys } from '../../src/platform/secrets/key-encryption-keys.ts';
import { createSecrets } from '../../src/platform/secrets/secrets.ts';
import { createSsoServices } from '../api/support/sso-services.ts';
import { createSyncServices } from '../api/support/sync-services.ts';
import type { TestDatabase } from '../support/database.ts';

export const baseUrl = 'https://hub.example';
export const clock = { now: () => Date.UTC(2025, 8, 1) };

/** The words that register a tool. */
export const toolWords = (slug: string) => [
  ...['tool', 'create', '--slug', slug, '--name', 'Quiz'],
  ...[
    '--login-initiation-url',
    'https://quiz.example/login',
    '--target-link-uri',
    'https://quiz.example/launch',
  ],
  ...['--redirect-uri', 'https://quiz.example/launch'],
];

/** A command line on a test database, with a file system in memory. */
export function createCommandLine(
  { database, url }: TestDatabase,
  gradeDestination: GradeDestination = { open: async () => ({ fault: 'connection_disabled', version: 1 }) },
) {
  const entry = (name: string) => `${name}:${randomBytes(32).toString('base64url')}`;
  const first = entry('test');
  const kek = parseKeyEncryptionKeys(first);
  /** What the hub is configured with once another key-encryption key has followed. */
  const wrapping = parseKeyEncryptionKeys(`${entry('next')} ${first}`);
  const secrets = createSecrets({ kek, clock });
  const sync = createSyncServices({ db: database, clock, secrets });
  const sso = createSsoServices({ db: database, clock, secrets, baseUrl });
  let meanwhile = () => Promise.resolve();
  let count = 0;

  /** Runs a command; the hub it opens must be closed again. */
  async function hub(argv: string[], files: Record<string, string> = {}) {
    const said = { out: '', err: '', opened: 0, closed: 0 };
    const read = async (path: string) => {
      const content = files[path];
      if (content !== undefined) return content;
      throw new DomainError('input', 'file_unusable', `The file ${path} cannot be read (ENOENT).`);
    };
    const io: CliIo = {
      clock,
      out: (text) => {
        said.out += text;
      },
      err: (text) => {
        said.err += text;
      },
      readFile: read,
      async *readLines(path) {
        yield* (await read(path)).split('\n');
      },
      async *readBytes(path) {
        yield Buffer.from(await read(path));
      },
      wait: () => meanwhile(),
      writeFile: async (path, pieces) => {
        let content = '';
        for await (const piece of pieces) content += piece;
        files[path] = content;
      },
      openHub: async () => {
        said.opened++;
        return {
          db: database,
          baseUrl,
          allowLoopback: false,
          secrets: async () => secrets,
          keyEncryptionKeys: async () => wrapping,
          gradeDestination: async () => gradeDestination,
          sync: async () => sync,
          sso: async () => sso,
          close: async () => {
            said.closed++;
          },
        };
      },
      migrate: () => migrate({ url }),
    };
    const exitCode = await runCli(argv, io);
    expect(said.closed).toBe(said.opened);
    return { exitCode, ...said };
  }

  /** Runs a command that must do its work, and gives its JSON document. */
  async function done(...argv: string[]) {
    const { exitCode, out, err } = await hub([...argv, '--json']);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    return JSON.parse(out);
  }

  const freshSlug = () => `name-${++count}`;

  return {
    hub,
    done,
    freshSlug,
    sync,
    sso,
    /** What others do while a command waits. */
    whileWaiting: (work: () => Promise<void>) => {
      meanwhile = work;
    },
    makeTenant: async () => {
      const slug = freshSlug();
      await done('tenant', 'create', '--slug', slug, '--name', 'School');
      return slug;
    },
    makeTool: async () => {
      const slug = freshSlug();
      await done(...toolWords(slug));
      return slug;
    },
  };
}
