/** What a number is drawn for: draws for different things do not hang together. */
export const draws = {
  schoolSize: 1,
  schoolName: 2,
  culture: 3,
  givenName: 4,
  familyName: 5,
  middleName: 6,
  phone: 7,
  room: 8,
  birthday: 9,
  sex: 10,
  origin: 11,
  score: 12,
  studentFate: 21,
  staffFate: 22,
  guardianFate: 23,
  enrollmentFate: 24,
  teachingFate: 25,
  classFate: 26,
} as const;

/**
 * A number from 0 to 2³² − 1 that looks random and is always the same for the same three numbers, so that any row can
 * be made by itself. The last steps are those of the integer hash lowbias32.
 */
export function mix(seed: number, draw: number, index: number): number {
  let bits =
    (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(draw, 0xc2b2ae35)) + Math.imul(index + 1, 0x85ebca6b);
  bits ^= bits >>> 16;
  bits = Math.imul(bits, 0x7feb352d);
  bits ^= bits >>> 15;
  bits = Math.imul(bits, 0x846ca68b);
  bits ^= bits >>> 16;
  return bits >>> 0;
}

/** The same as a share of one: at least 0, less than 1. */
export function mixShare(seed: number, draw: number, index: number): number {
  return mix(seed, draw, index) / 4_294_967_296;
}

/** One of the list. */
export function pick<Item>(list: readonly Item[], number: number): Item {
  return list[number % list.length] as Item;
}
