/** What somebody has entered in a form, by the names of its fields. */
export interface Entered {
  /** Trimmed; empty where there is no such field or nothing was entered. */
  text(name: string): string;
  /** As it was entered: spaces may be part of a password. Empty where there is no such field. */
  secret(name: string): string;
  /** Undefined where nothing was entered. */
  given(name: string): string | undefined;
  /** Every value of the name that was ticked or chosen. */
  all(name: string): string[];
  /** One entry a line; empty lines are passed over. */
  lines(name: string): string[];
  /** Whether the box is ticked, or the form has such a field. */
  has(name: string): boolean;
}

/** Reads the fields of a form. */
export function readEntered(fields: FormData): Entered {
  const all = (name: string) =>
    fields.getAll(name).flatMap((value) => (typeof value === 'string' ? [value] : []));
  const secret = (name: string) => all(name)[0] ?? '';
  const text = (name: string) => secret(name).trim();
  return {
    text,
    secret,
    given: (name) => text(name) || undefined,
    all: (name) =>
      all(name)
        .map((value) => value.trim())
        .filter((value) => value !== ''),
    lines: (name) =>
      text(name)
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    has: (name) => fields.has(name),
  };
}

/** The members that have a value: those that are undefined are left out. */
export function defined<const Part extends object>(
  part: Part,
): { [Key in keyof Part]?: Exclude<Part[Key], undefined> } {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as never;
}
