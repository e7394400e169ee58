/** Records it takes to tell what a file is like: of a few, each may have a name with a comma and no quotes. */
export const enoughRecords = 10;
/** Records in a thousand that may be otherwise. */
const othersAllowed = 1;

/**
 * Empty fields behind the last column. Where all records have as many, they are the exporter's habit and mean nothing.
 * Where only some have, a comma within a name or a list lacks its quotes, and all behind it stands a column too far, a
 * password perhaps under a name that is kept: such a record must not be taken.
 */
export class Surplus {
  #fields = 0;
  #records = 0;

  /** @param fields how many a record has */
  note(fields: number): void {
    if (this.#records === 0) this.#fields = fields;
    if (this.#fields === fields) this.#records += 1;
  }

  /**
   * How many all records have; 0 where that cannot be said.
   *
   * @param taken records without any, @param rejected all others, those with some among them
   */
  ofAll(taken: number, rejected: number): number {
    const others = rejected - this.#records;
    const isHabit =
      taken === 0 && this.#records >= enoughRecords && others * 1000 <= rejected * othersAllowed;
    return isHabit ? this.#fields : 0;
  }

  /** How many all records have that are too few to tell: the exporter's other files may. As `ofAll`. */
  ofFew(taken: number, rejected: number): number {
    const isAll = taken === 0 && this.#records === rejected;
    return isAll && this.#records < enoughRecords ? this.#fields : 0;
  }
}
