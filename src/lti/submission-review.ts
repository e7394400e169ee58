import { z } from 'zod';
import { unlessEmpty } from '../platform/absent.ts';
import { isStorable } from './claims.ts';

/** A web address that a browser can open; other schemes run or read something. */
export const webUrl = z
  .string()
  .max(8_000)
  .regex(/^https?:\/\//i)
  .refine((url) => isStorable(url) && URL.canParse(url));

/** LTI Core §5.4.6: texts; numbers and booleans, which some tools send, become texts. */
export const customParameters = z
  .record(
    z.string().min(1).max(200).refine(isStorable),
    z
      .union([z.string(), z.number(), z.boolean()])
      .transform(String)
      .refine((value) => value.length <= 4_000 && isStorable(value)),
  )
  .refine((each) => Object.keys(each).length <= 200 && !Object.hasOwn(each, '__proto__'));

const words = z.string().max(1_000).refine(isStorable);

/**
 * How submissions are opened from the LMS's gradebook, as a line item says it (Submission Review 1.0, extension of the line
 * item). Without `url` the LMS opens the link of the line item. Some write null for what is not there.
 */
export const submissionReview = z.object({
  reviewableStatus: z.array(words).max(20),
  label: words.nullish(),
  url: unlessEmpty(webUrl),
  custom: unlessEmpty(customParameters),
});

export type SubmissionReview = z.output<typeof submissionReview>;
