import { z } from 'zod';
import { placeSettings } from '../csv/place.ts';

export const settings = z.object({
  ...placeSettings,
  withoutManifest: z.enum(['bulk', 'delta']).default('bulk').meta({
    title: 'What files are that the manifest does not speak of',
    description: 'bulk: all there is, so that what is missing is gone; delta: changes only.',
  }),
  lastLineMayLackEnd: z.boolean().default(false).meta({
    title: 'The last line may lack its line end',
    description:
      'A file that was cut looks the same. Only for a system that never writes it; else nothing counts as missing.',
  }),
});

export type Settings = z.output<typeof settings>;
