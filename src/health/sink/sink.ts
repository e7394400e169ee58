/** A piece of everything that ended: lines of JSON under a name that never stands for anything else. */
export interface SinkObject {
  /** Without a leading slash; letters, digits, `/`, `-` and `.` only. */
  readonly name: string;
  /** NDJSON in UTF-8: an exchange with its tries on each line, without personal data. */
  readonly body: Buffer;
}

/** Where what ended goes out to, as to a data warehouse. */
export interface Sink {
  /** Under which the database keeps how far it has come. */
  readonly name: string;
  /**
   * Keeps an object as a whole or not at all. It may come again, the same byte for byte.
   *
   * @throws DomainError where it is not kept
   */
  put(object: SinkObject, signal?: AbortSignal): Promise<void>;
}
