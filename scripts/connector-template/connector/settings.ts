import { z } from 'zod';
import { secret } from '../../../contracts/connector.ts';

/**
 * What an admin enters. Settings that were kept once must parse for ever: a new one needs a default, and none is ever
 * renamed. The contract suite holds what was kept by earlier versions.
 */
export const settings = z.object({
  baseUrl: z.url({ protocol: /^https?$/ }).meta({ title: 'Address' }),
  token: secret(z.string().min(1).max(10_000)).meta({ title: 'Access token' }),
  pageSize: z.number().int().min(1).max(10_000).default(500).meta({ title: 'Rows per call' }),
});
export type Settings = z.output<typeof settings>;
