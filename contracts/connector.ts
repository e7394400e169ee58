import { type ZodObject, type ZodType, z } from 'zod';
import type { Entity } from './roster.ts';
import type { DeltaKind, RunMode, Severity } from './sync.ts';

/**
 * What a connector is: everything that differs from one student information system to the next, and nothing else. It
 * reads; it never writes to the database and never decides that somebody has left. The host gives it HTTP, secrets,
 * files and time, and does the rest.
 */
export interface Connector<Settings extends object = object> {
  /** kebab-case; stands in the database and in commands. */
  readonly id: string;
  /** Semantic version; a change shows in health. */
  readonly version: string;
  readonly title: string;
  /** Draws the console's form. Secrets are marked by `secret()`. Settings of earlier versions must still parse. */
  readonly settings: ZodObject;
  readonly capabilities: Capabilities;
  readonly limits: Limits;
  /** Whether the settings work: one cheap call to the source. @throws ConnectorError with what to change */
  check(context: ConnectorContext<Settings>): Promise<CheckReport>;
  /** What the source has: its schools, so that an admin can choose what to share. */
  discover(context: ConnectorContext<Settings>): Promise<Discovery>;
  /** Reads one entity, page after page, and seals it where it was read to its end. @throws ConnectorError */
  read(context: ConnectorContext<Settings>, request: ReadRequest): AsyncIterable<Page | Raw | Seal>;
}

export interface Capabilities {
  readonly entities: readonly Entity[];
  /** How a run asks for changes only. */
  readonly delta: DeltaKind;
  /** How the source tells that a row is gone: by status, by its absence from a full read, or not at all. */
  readonly deletes: 'explicit' | 'absence' | 'none';
  /** It reads files, which can also be handed over as a package. Default false. */
  readonly packages?: boolean | undefined;
  /** Entities that one read can bring along, in the same answers as another; each can be read by itself all the same. */
  readonly alongside?: Readonly<Partial<Record<Entity, readonly Entity[]>>> | undefined;
}

export interface Limits {
  /** Requests under way at once. */
  readonly concurrency: number;
  readonly requestsPerSecond: number;
  /** Rows asked for at first; a source that gives fewer is believed. */
  readonly pageSize: number;
}

export interface ReadRequest {
  readonly entity: Entity;
  /** `full`: all there is; what is missing may be removed. `delta`: what has changed since `state`. */
  readonly mode: RunMode;
  /** What the last seal of this entity left, or the last checkpoint where `resumes`. */
  readonly state: string | undefined;
  readonly resumes: boolean;
  /**
   * Entities to bring along, out of `Capabilities.alongside`: state or checkpoint is theirs as well. From a checkpoint of
   * such a read each of the entities can also be read on by itself.
   */
  readonly alongside?: readonly Entity[] | undefined;
}

/** A row as text by column; what the source does not say is absent or undefined. */
export interface SourceRow {
  readonly sourcedId: string;
  readonly status?: string | undefined;
  readonly dateLastModified?: string | undefined;
  readonly values: Readonly<Record<string, string | undefined>>;
  /** Vendor's own members, as they came. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** Some rows, and where they came from. */
export interface Page {
  readonly kind: 'page';
  /** Where the rows are of an entity that was to be brought along: which; else they are of the one that is read. */
  readonly entity?: Entity | undefined;
  /** A file or an address without its query's secrets: row n of the page is `part#first+n`. */
  readonly part: string;
  /** Number of the first row: the line of a file, or its place in the answer. */
  readonly first: number;
  readonly rows: readonly SourceRow[];
  readonly findings?: readonly SourceFinding[];
  /** From which `read` can go on after this page; undefined where it cannot. */
  readonly checkpoint?: string | undefined;
}

/** Many rows as CSV text in UTF-8 that the database can read as it is, for files of millions of rows. */
export interface Raw {
  readonly kind: 'raw';
  /** As of a page. */
  readonly entity?: Entity | undefined;
  readonly part: string;
  /**
   * The columns in the order of the text, the first being `line`: its number within the part. Then names as in the
   * header: sourcedId, status, dateLastModified and the entity's own; `metadata` last where there is any, as JSON.
   */
  readonly columns: readonly string[];
  /** RFC 4180 without a header, ended by LF. Each chunk: whole records, in memory that is the reader's until the next is asked for. */
  readonly chunks: AsyncIterable<Buffer>;
  /** What was found while the chunks were made; complete when they have ended. */
  readonly findings: () => readonly SourceFinding[];
}

/** An entity was read to its end. Without it nothing counts as missing. */
export interface Seal {
  readonly kind: 'seal';
  /** As of a page: each entity has a seal of its own. */
  readonly entity?: Entity | undefined;
  /** How many rows the source says there are; undefined where it does not say. */
  readonly expected: number | undefined;
  /** For the next delta: the source's own time at the start of this read, less an overlap. */
  readonly state: string | undefined;
}

/** Something about the source that somebody should mend. Never holds the value of a personal field. */
export interface SourceFinding {
  /** Stable, snake_case; explained in `src/sync/findings`. */
  readonly code: string;
  readonly severity: Severity;
  readonly part?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: string | undefined;
  /** How many rows have it, where one stands for many. */
  readonly count?: number | undefined;
}

export interface CheckReport {
  /** What was reached, in words: the product and version the source names itself. */
  readonly source: string;
  /** Entities the source lets the hub read. */
  readonly entities: readonly Entity[];
  readonly warnings: readonly string[];
}

export interface Discovery {
  readonly schools: readonly { readonly sourcedId: string; readonly name: string }[];
}

/** The outside world of a connector. */
export interface ConnectorContext<Settings> {
  readonly settings: Settings;
  readonly fetch: ConnectorFetch;
  /** Opens a file the institution has handed over, or a folder or SFTP place that the settings name. */
  readonly files: FileSource;
  readonly signal: AbortSignal;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Named events with ids and counts; never rows, settings or secrets. */
  readonly log: (event: string, details?: Readonly<Record<string, string | number>>) => void;
}

/** One guarded call: repeated where the source is busy, slowed to the limits, recorded. */
export type ConnectorFetch = (request: ConnectorRequest) => Promise<ConnectorResponse>;

export interface ConnectorRequest {
  readonly url: string;
  /** Default GET. */
  readonly method?: 'GET' | 'POST' | undefined;
  /** Default: what is accepted is JSON. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  /** Largest answer in bytes; default 64 MiB. */
  readonly maxBytes?: number | undefined;
  /**
   * Asked before each try, so that what holds for one moment, such as an OAuth 1.0a signature with its nonce, is made
   * anew for each.
   */
  readonly sign?:
    | ((request: { method: string; url: string }) => Promise<Readonly<Record<string, string>>>)
    | undefined;
}

export interface ConnectorResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: () => string;
  /** @throws ConnectorError `answer_invalid` */
  readonly json: () => unknown;
}

/** Files by name, read as streams. Names never lead out of where they are. */
export interface FileSource {
  /** @throws ConnectorError `source_missing`, `files_unsafe` */
  open(place: FilePlace): Promise<OpenedFiles>;
}

export type FilePlace =
  /** Handed over by an admin; the run names it. */
  | { readonly kind: 'upload' }
  /** Below the folder that the operator has set aside for this. */
  | { readonly kind: 'folder'; readonly path: string }
  | {
      readonly kind: 'https';
      readonly url: string;
      readonly headers?: Readonly<Record<string, string>> | undefined;
    }
  | {
      readonly kind: 'sftp';
      readonly host: string;
      readonly port: number;
      readonly username: string;
      readonly password?: string | undefined;
      readonly privateKey?: string | undefined;
      /** SHA-256 of the server's key, as `ssh-keygen -l` prints it: without it nobody knows who answers. */
      readonly hostKey: string;
      readonly path: string;
    };

/** The files of a ZIP archive or of a folder; those of an archive stand by their whole path in it. */
export interface OpenedFiles {
  readonly entries: readonly { readonly name: string; readonly bytes: number }[];
  /** Found while opening: files that were left out, and why. */
  readonly findings: readonly SourceFinding[];
  /** When what is read was made, as far as it can be told: unix milliseconds. */
  readonly modifiedAt: number | undefined;
  /** Of a folder of archives: when those were made that are not the newest, and are not read; unix milliseconds. */
  readonly passedOver?: readonly number[] | undefined;
  /** A file, piece by piece; a piece's memory is the reader's until the next one is asked for, and may then be written over. */
  read(name: string): AsyncIterable<Buffer>;
  close(): Promise<void>;
}

export const connectorFailures = [
  /** Settings that cannot work: wrong address, secret or scope. Not tried again by itself. */
  'settings',
  /** The source says no: not licensed, not allowed. Not tried again by itself. */
  'refused',
  /** Down, slow or busy. Tried again later. */
  'unavailable',
  /** It answers what is no roster. Tried again later. */
  'answer_invalid',
  /** The file or folder is not there, or not whole. Tried again later. */
  'source_missing',
  /** An archive that attacks: paths that lead out, sizes that explode. Not tried again by itself. */
  'files_unsafe',
] as const;
export type ConnectorFailure = (typeof connectorFailures)[number];

/** The one error of connectors; its kind decides whether the run is tried again. */
export class ConnectorError extends Error {
  readonly failure: ConnectorFailure;
  /** Stable, snake_case: what exactly. */
  readonly code: string;

  /** @param message safe to show to an admin: says what to do, holds no secret and nobody's data */
  constructor(failure: ConnectorFailure, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConnectorError';
    this.failure = failure;
    this.code = code;
  }
}

/** Marks a setting as a secret: sealed where it is kept, never shown again, never logged. */
export function secret<Type extends ZodType>(type: Type): Type {
  return type.meta({ ...type.meta(), secret: true }) as Type;
}

/** Marks a setting that says what a source's columns mean: once it was changed, removals wait for somebody. */
export function mapping<Type extends ZodType>(type: Type): Type {
  return type.meta({ ...type.meta(), mapping: true }) as Type;
}

/** Names of the settings that are secret. */
export function secretNames(settings: ZodObject): string[] {
  return markedNames(settings, 'secret');
}

/** Names of the settings that say what columns mean. */
export function mappingNames(settings: ZodObject): string[] {
  return markedNames(settings, 'mapping');
}

type Mark = 'secret' | 'mapping';

function markedNames(settings: ZodObject, mark: Mark): string[] {
  return Object.entries(settings.shape).flatMap(([name, type]) =>
    isMarked(type as ZodType, mark) ? [name] : [],
  );
}

function isMarked(type: ZodType, mark: Mark): boolean {
  if (type.meta()?.[mark] === true) return true;
  const inner = (type as { unwrap?: () => ZodType }).unwrap?.();
  return inner !== undefined && isMarked(inner, mark);
}

/** The settings as they are entered, as JSON Schema 2020-12. */
export function settingsSchema(settings: ZodObject): Record<string, unknown> {
  return z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' });
}

/** Defines a connector; the settings' type follows from their schema. */
export function defineConnector<Shape extends ZodObject>(
  connector: Connector<z.output<Shape>> & { readonly settings: Shape },
): Connector<z.output<Shape>> {
  return connector;
}
