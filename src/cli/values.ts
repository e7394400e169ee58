import { z } from 'zod';
import type { Command } from './command.ts';
import { UsageError } from './usage-error.ts';

type Given = string | boolean | (string | boolean)[] | undefined;

/** What was given on the command line, by the names of options and arguments. */
export class Values {
  readonly #command: Command;
  readonly #given: ReadonlyMap<string, Given>;

  constructor(command: Command, given: ReadonlyMap<string, Given>) {
    this.#command = command;
    this.#given = given;
  }

  /** A required value. */
  text(name: string): string {
    const value = this.optional(name);
    if (value === undefined) throw this.wrong(name, 'is missing');
    return value;
  }

  optional(name: string): string | undefined {
    const value = this.#given.get(name);
    return typeof value === 'string' ? value : undefined;
  }

  list(name: string): string[] {
    const value = this.#given.get(name);
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  }

  /** The values of a repeatable option, or undefined when it was not given. */
  optionalList(name: string): string[] | undefined {
    return this.#given.has(name) ? this.list(name) : undefined;
  }

  flag(name: string): boolean {
    return this.#given.get(name) === true;
  }

  /** A value of a closed list (which the option's `choices` have checked). */
  optionalChoice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.optional(name);
    return choices.find((choice) => choice === value);
  }

  choice<T extends string>(name: string, choices: readonly T[]): T {
    const value = this.optionalChoice(name, choices);
    if (value === undefined) throw this.wrong(name, `must be one of: ${choices.join(', ')}`);
    return value;
  }

  optionalYesNo(name: string): boolean | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    if (value === 'yes' || value === 'no') return value === 'yes';
    throw this.wrong(name, 'must be yes or no');
  }

  optionalNumber(name: string): number | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    if (/^\d{1,9}$/.test(value)) return Number(value);
    throw this.wrong(name, 'must be a whole number');
  }

  /** An id of ours. */
  optionalId<Id extends string>(name: string): Id | undefined {
    const value = this.optional(name);
    // RFC 9562 §4: in letters of either case.
    if (value === undefined || z.uuid().safeParse(value).success) {
      return value?.toLowerCase() as Id | undefined;
    }
    throw this.wrong(name, 'must be an id, such as 0199c5a4-0000-7000-8000-000000000000');
  }

  id<Id extends string>(name: string): Id {
    const value = this.optionalId<Id>(name);
    if (value === undefined) throw this.wrong(name, 'is missing');
    return value;
  }

  /** SHA-256 of a certificate, as people copy it: hexadecimal, with or without colons. */
  fingerprint(name: string): string {
    const value = this.text(name).replaceAll(':', '').toLowerCase();
    if (/^[0-9a-f]{64}$/.test(value)) return value;
    throw this.wrong(name, 'must be the SHA-256 of a certificate: 64 digits from 0 to f');
  }

  /** Values of the form `name=value`, or undefined when none was given. */
  optionalPairs(name: string): Record<string, string> | undefined {
    const values = this.optionalList(name);
    return values && Object.fromEntries(values.map((value) => this.#pair(name, value)));
  }

  #pair(name: string, text: string): [string, string] {
    const at = text.indexOf('=');
    if (at < 1) throw this.wrong(name, 'must have the form name=value');
    return [text.slice(0, at), text.slice(at + 1)];
  }

  /** The error for a change that changes nothing. */
  nothingGiven(): UsageError {
    return new UsageError('Say what to change: no setting is given.', this.#command.name);
  }

  /** The error for one value. */
  wrong(name: string, complaint: string): UsageError {
    const isArgument = this.#command.arguments?.some((argument) => argument.name === name);
    const end = complaint.endsWith('?') ? '' : '.';
    return new UsageError(`${isArgument ? `<${name}>` : `--${name}`} ${complaint}${end}`, this.#command.name);
  }
}
