type Defined<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

/** The members that have a value: those that are undefined are left out. */
export function defined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;
}
