import { z } from 'zod';

const percent = z.number().min(0).max(100);
const many = z.int().min(0).max(100_000_000);

/** What passes without anybody looking: so many percent, and however small the school, so many rows. */
const allowance = {
  removedPercent: percent.default(10),
  removedFloor: many.default(20),
  /** Of schools and terms, which are few and on which all else hangs. */
  fewRemovedFloor: many.default(2),
  /** Of one school: a small school may lose more of its share than a district. */
  schoolRemovedPercent: percent.default(25),
  schoolRemovedFloor: many.default(20),
  grownPercent: z.number().min(0).max(10_000).default(50),
  grownFloor: many.default(500),
};

/** What holds a plan. */
export const thresholds = z.strictObject({
  ...allowance,
  /** A wider allowance for removals that somebody has agreed to, until a moment. */
  wider: z
    .strictObject({
      removedPercent: percent,
      removedFloor: many,
      /** ISO 8601 with a zone. */
      until: z.iso.datetime({ offset: true }),
    })
    .optional(),
});
export type Thresholds = z.output<typeof thresholds>;
export type ThresholdsInput = z.input<typeof thresholds>;

/** What is allowed at a moment: the wider allowance only for as long as it was agreed to. */
export function allowanceAt(given: Thresholds, at: Date): Omit<Thresholds, 'wider'> {
  const { wider, ...usual } = given;
  if (wider === undefined || at.getTime() >= Date.parse(wider.until)) return usual;
  const { removedPercent, removedFloor } = wider;
  return {
    ...usual,
    removedPercent: Math.max(usual.removedPercent, removedPercent),
    removedFloor: Math.max(usual.removedFloor, removedFloor),
    fewRemovedFloor: Math.max(usual.fewRemovedFloor, removedFloor),
    schoolRemovedPercent: Math.max(usual.schoolRemovedPercent, removedPercent),
    schoolRemovedFloor: Math.max(usual.schoolRemovedFloor, removedFloor),
  };
}
