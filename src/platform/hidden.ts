import { inspect } from 'node:util';

/**
 * A secret on its way from the settings to the one place that uses it. Printing, logging or serialising
 * it by accident shows a placeholder.
 */
export class Hidden {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The secret itself. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '[hidden]';
  }

  toJSON(): string {
    return '[hidden]';
  }

  [inspect.custom](): string {
    return '[hidden]';
  }
}
