import type { GradeDestination } from '../grades/destination.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import type { KeyEncryptionKeys } from '../platform/secrets/key-encryption-keys.ts';
import type { Secrets } from '../platform/secrets/secrets.ts';
import type { SsoOperation } from '../sso/services.ts';
import type { SyncServices } from '../sync/sync.ts';
import type { ChangeBy } from '../tenants/changes.ts';
import type { Values } from './values.ts';

/** What commands reach of the hub. */
export interface CliHub {
  db: Database;
  /** The hub's address, which is its issuer, without a trailing slash. */
  baseUrl: string;
  /** Accept plain http addresses on this machine. */
  allowLoopback: boolean;
  /** Opened only by the commands that seal or open something. */
  secrets(): Promise<Secrets>;
  keyEncryptionKeys(): Promise<KeyEncryptionKeys>;
  /** LMSs' gradebooks, opened only by the commands that read them. */
  gradeDestination(): Promise<GradeDestination>;
  /** What brings rosters, opened only by the commands that ask or change a source. */
  sync(): Promise<SyncServices>;
  /** What signing in is steered with, opened only by the commands that ask or change a connection. */
  sso(): Promise<SsoOperation>;
  close(): Promise<void>;
}

/** The outside world of a command. */
export interface CliIo {
  clock: Clock;
  out(text: string): void;
  err(text: string): void;
  /** `-` is what is typed or piped in. @throws DomainError input when it cannot be read; the others likewise */
  readFile(path: string): Promise<string>;
  readLines(path: string): AsyncIterable<string>;
  readBytes(path: string): AsyncIterable<Buffer>;
  /** Refuses to overwrite. */
  writeFile(path: string, pieces: AsyncIterable<string>): Promise<void>;
  /** Lets time pass, between looks at something that others do. */
  wait(ms: number): Promise<void>;
  openHub(): Promise<CliHub>;
  /** Applies missing migrations. @returns their names */
  migrate(): Promise<string[]>;
}

export interface OptionSpec {
  /** A placeholder for the value; a flag has none. */
  value?: string;
  about: string;
  required?: boolean;
  /** May be given several times. */
  multiple?: boolean;
  choices?: readonly string[];
}

export interface ArgumentSpec {
  name: string;
  about: string;
}

export interface OpenedHub {
  hub: CliHub;
  /** Attribution of what this command changes. */
  by: ChangeBy;
}

/** What a command is given once its words are understood. */
export interface Invocation {
  values: Values;
  io: CliIo;
  /** Opens the hub, once; it is closed when the command ends. */
  open(): Promise<OpenedHub>;
}

/** What a command answers: one document for programs, the same in words for people. */
export interface Answer {
  json: unknown;
  text: string;
}

export interface Command {
  /** One or two words, such as `tool create`. */
  name: string;
  about: string;
  arguments?: readonly ArgumentSpec[];
  options?: Readonly<Record<string, OptionSpec>>;
  /** Without the leading `npm run hub --`. */
  examples: readonly string[];
  run(invocation: Invocation): Promise<Answer>;
}

/** Options of every command. */
export const globalOptions: Readonly<Record<string, OptionSpec>> = {
  json: { about: 'Print one JSON document instead of text' },
  help: { about: 'Show this help' },
};

/** For commands that change something. */
export const changing = {
  reason: { value: 'text', about: 'Why, for the audit trail' },
} as const satisfies Record<string, OptionSpec>;

/** How people call the program. */
export const programName = 'npm run hub --';
