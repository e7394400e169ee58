/** How many line items and people a school has. Every person has a score on every item. */
export interface SchoolSize {
  items: number;
  people: number;
}

/** One person on one line item. */
export interface Line {
  school: number;
  item: number;
  person: number;
}

/** Every line of all schools has a number: school by school, and in each by person, then item. */
export interface Lines {
  total: number;
  /** Number of a school's first line, and how many it has. */
  ofSchool(school: number): { first: number; count: number };
  numberOf(line: Line): number;
  at(number: number): Line;
}

export function numberLines(sizes: readonly SchoolSize[]): Lines {
  const firsts: number[] = [];
  let total = 0;
  for (const { items, people } of sizes) {
    firsts.push(total);
    total += items * people;
  }
  return {
    total,
    ofSchool: (school) => ({
      first: firsts[school]!,
      count: sizes[school]!.items * sizes[school]!.people,
    }),
    numberOf: ({ school, item, person }) => firsts[school]! + person * sizes[school]!.items + item,
    at: (number) => {
      const school = firsts.findLastIndex((first) => first <= number);
      const { items } = sizes[school]!;
      const within = number - firsts[school]!;
      return { school, item: within % items, person: Math.floor(within / items) };
    },
  };
}

/** How the LMS knows a line item and a person. */
export const lmsItemPath = ({ school, item }: Pick<Line, 'school' | 'item'>): string =>
  `/schools/${school}/items/${item}`;
export const lmsSubject = ({ school, person }: Pick<Line, 'school' | 'person'>): string =>
  `subject-${school}-${person}`;
