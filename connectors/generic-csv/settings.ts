import { z } from 'zod';
import { mapping } from '../../contracts/connector.ts';
import { entities } from '../../contracts/roster.ts';
import { encodings } from '../csv/decode.ts';
import { placeSettings } from '../csv/place.ts';

const columnOfFile = z.string().min(1).max(200);

/** Where a value comes from. */
const valueMapping = z.union([
  z.strictObject({ constant: z.string().max(1_000).meta({ title: 'The same for every row' }) }),
  z.strictObject({
    from: z
      .union([columnOfFile, z.array(columnOfFile).min(1).max(10)])
      .meta({ title: 'Column, or columns to join' }),
    separator: z.string().max(10).default('-').meta({ title: 'Between joined columns' }),
    prefix: z.string().max(100).default('').meta({ title: 'In front of the value' }),
    split: z.string().min(1).max(5).optional().meta({ title: 'What parts the words of a list' }),
    values: z
      .record(z.string().max(1_000), z.string().max(1_000))
      .optional()
      .meta({ title: 'Value → value' }),
    otherwise: z.string().max(1_000).optional().meta({ title: 'For values that are not listed' }),
    date: z.enum(['ymd', 'dmy', 'mdy']).optional().meta({ title: 'Order of day, month and year' }),
  }),
]);
export type ValueMapping = z.output<typeof valueMapping>;

const fileMapping = z.strictObject({
  entity: z.enum(entities).meta({ title: 'What the rows are' }),
  file: z
    .string()
    .min(1)
    .max(255)
    // More of them would take long to compare.
    .regex(/^[^*]*(\*[^*]*){0,2}$/, 'At most two * in a file name.')
    .meta({
      title: 'File name',
      description: 'With * for a part that changes, as in students-*.csv: the last by name is read.',
    }),
  delimiter: z.enum(['auto', 'comma', 'semicolon', 'tab', 'pipe']).default('auto'),
  encoding: z.enum(encodings).default('auto'),
  sourcedId: valueMapping.meta({ title: 'What makes the sourcedId' }),
  columns: z
    .record(z.string().max(100), valueMapping)
    .meta({ title: 'Column of the roster → where it comes from' }),
  only: z
    .record(columnOfFile, z.array(z.string().max(1_000)).min(1))
    .default({})
    .meta({
      title: 'Only rows where a column has one of these values',
    }),
  distinct: z.boolean().default(false).meta({
    title: 'Take a sourcedId once',
    description:
      'Where a file says the same again and again, such as a class on the row of each of its students.',
  }),
});
export type FileMapping = z.output<typeof fileMapping>;

export const settings = z.object({
  ...placeSettings,
  files: mapping(z.array(fileMapping).min(1).max(50)).meta({ title: 'Files and what their columns mean' }),
  lastLineMayLackEnd: z.boolean().default(false).meta({
    title: 'The last line may lack its line end',
    description:
      'A file that was cut looks the same. Only for a system that never writes it; else nothing counts as missing.',
  }),
});

export type Settings = z.output<typeof settings>;
