import { type ZodType, z } from 'zod';

/** The short name of a tenant or a tool in a URL: one DNS label in lower case (RFC 1123 §2.1). */
export const slug: ZodType<string> = z
  .string()
  .max(63, { error: 'A short name has at most 63 characters.' })
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, {
    error:
      'A short name has small letters a–z, digits and hyphens, and begins and ends with a letter or digit.',
  });

/** What people call a tenant, a tool or a connection. */
export const displayName: ZodType<string> = z
  .string()
  .trim()
  .min(1, { error: 'Give a name.' })
  .max(200, { error: 'A name has at most 200 characters.' });
