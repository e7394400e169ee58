import { z } from 'zod';
import { idText } from '../claims.ts';
import type { LmsResult } from './gradebook.ts';

const number = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^-?\d+(\.\d+)?$/)
      .transform(Number),
  ])
  .optional()
  .catch(undefined);
const text = z.string().optional().catch(undefined);

/** A result (AGS 2.0 §3.3). Some LMSs write null where there is no score, and numbers as strings. */
const result = z
  .object({
    userId: z.preprocess((value) => idText(value), z.string()),
    resultScore: number,
    resultMaximum: number,
    comment: text,
    scoringUserId: text,
  })
  .transform(
    (row): LmsResult => ({
      subject: row.userId,
      resultScore: row.resultScore,
      resultMaximum: row.resultMaximum,
      comment: row.comment,
      scoringUserId: row.scoringUserId,
    }),
  );

/** Reads a result; undefined when it is none. */
export function readResult(value: unknown): LmsResult | undefined {
  const parsed = result.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
