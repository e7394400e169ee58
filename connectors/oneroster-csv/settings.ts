import { z } from 'zod';
import { placeSettings } from '../csv/place.ts';

export const settings = z.object({
  ...placeSettings,
  withoutManifest: z.enum(['auto', 'bulk', 'delta']).default('auto').meta({
    title: 'What files are that the manifest does not speak of',
    description:
      'bulk: all there is, so that what is missing is gone; delta: changes only; auto: as bulk, but where nearly every row has a status and a date, as changes have, nothing counts as missing.',
  }),
  lastLineMayLackEnd: z.boolean().default(false).meta({
    title: 'The last line may lack its line end',
    description:
      'A file that was cut looks the same. Only for a system that never writes it; else nothing counts as missing.',
  }),
});

export type Settings = z.output<typeof settings>;
