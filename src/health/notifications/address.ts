import { z } from 'zod';

const url = z.url({ protocol: /^https?$/, error: 'Give an https address.' }).max(2_000);

/** Where a target is: sealed, since an address may name a person and one of a chat lets anybody write there. */
export const addressSchema = z.discriminatedUnion('channel', [
  z.strictObject({ channel: z.literal('email'), to: z.array(z.email()).min(1).max(20) }),
  z.strictObject({ channel: z.literal('webhook'), url, secret: z.string().min(24).max(200) }),
  z.strictObject({ channel: z.literal('slack'), url }),
]);
export type Address = z.output<typeof addressSchema>;
