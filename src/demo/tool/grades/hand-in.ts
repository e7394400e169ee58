import { z } from 'zod';

const form = z
  .object({
    score: z.string().trim(),
    maximum: z.coerce.number().positive(),
    comment: z.string().trim().optional(),
  })
  .transform(({ score, maximum, comment }) => ({
    scoreGiven: score === '' ? undefined : Number(score),
    scoreMaximum: maximum,
    comment: comment === '' ? undefined : comment,
  }))
  .refine(({ scoreGiven = 0, scoreMaximum }) => scoreGiven >= 0 && scoreGiven <= scoreMaximum);

/** What a learner handed in: a score from 0 to the maximum, or none. Undefined when it is neither. */
export function readHandIn(
  fields: unknown,
): { scoreGiven: number | undefined; scoreMaximum: number; comment: string | undefined } | undefined {
  const parsed = form.safeParse(fields);
  return parsed.success ? parsed.data : undefined;
}
