import path from 'node:path';
import { z } from 'zod';
import { Hidden } from '../platform/hidden.ts';

/** Where everything that ended goes out to; nothing leaves the machine unless it is said. */
export interface SinkConfig {
  /** A folder for files. */
  readonly folder: string | undefined;
  /** A store that speaks S3. */
  readonly s3:
    | {
        readonly url: string;
        readonly region: string;
        readonly accessKeyId: string;
        readonly secretAccessKey: Hidden;
      }
    | undefined;
}

export const sinkVariables = {
  SINK_FOLDER: z.string().min(1).optional(),
  SINK_S3_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http(s) address with the bucket' })
    .optional(),
  SINK_S3_REGION: z
    .string()
    .regex(/^[a-z0-9-]{1,50}$/, { error: 'must be the name of a region' })
    .default('us-east-1'),
  SINK_S3_ACCESS_KEY_ID: z.string().min(1).max(200).optional(),
  SINK_S3_SECRET_ACCESS_KEY: z.string().min(1).max(200).optional(),
};
const Sinks = z.object(sinkVariables);
type Given = z.infer<typeof Sinks>;

/** Whether some of the three that belong together are missing. */
export function isHalfASink({
  SINK_S3_URL,
  SINK_S3_ACCESS_KEY_ID,
  SINK_S3_SECRET_ACCESS_KEY,
}: Given): boolean {
  const given = [SINK_S3_URL, SINK_S3_ACCESS_KEY_ID, SINK_S3_SECRET_ACCESS_KEY];
  return new Set(given.map((value) => value === undefined)).size > 1;
}

export function toSinks(given: Given): SinkConfig {
  const { SINK_FOLDER, SINK_S3_URL: url, SINK_S3_ACCESS_KEY_ID: accessKeyId } = given;
  const secret = given.SINK_S3_SECRET_ACCESS_KEY;
  return {
    folder: SINK_FOLDER === undefined ? undefined : path.resolve(SINK_FOLDER),
    s3:
      url === undefined || accessKeyId === undefined || secret === undefined
        ? undefined
        : { url, region: given.SINK_S3_REGION, accessKeyId, secretAccessKey: new Hidden(secret) },
  };
}
