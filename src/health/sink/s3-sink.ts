import type { Clock } from '../../platform/clock.ts';
import { DomainError } from '../../platform/errors.ts';
import type { OutboundFetch } from '../../platform/outbound/fetch.ts';
import { encodePath, type S3Key, signRequest } from './sigv4.ts';
import type { Sink } from './sink.ts';

export interface S3SinkOptions extends S3Key {
  /** Of the bucket, and of a folder in it where one is wanted: `https://<host>/<bucket>/<folder>`, or with the bucket in the host. */
  readonly url: string;
}

/** Objects in a store that speaks S3. Every call passes the outbound guard. */
export function createS3Sink(deps: { fetch: OutboundFetch; clock: Clock }, options: S3SinkOptions): Sink {
  const base = new URL(options.url);
  const folder = base.pathname.replace(/\/$/, '');
  return {
    name: 's3',
    put: async ({ name, body }, signal) => {
      const url = new URL(`${folder}${encodePath(`/${name}`)}`, base);
      const headers = { 'content-type': 'application/x-ndjson' };
      const { status } = await deps.fetch({
        ...{ url: url.href, method: 'PUT', body, timeoutMs: 60_000, maxBytes: 64 * 1024 },
        // The same object again is the same object.
        ...{
          idempotent: true,
          retries: 2,
          headers: signRequest({ method: 'PUT', url, headers, body }, options, deps.clock.now()),
        },
        ...(signal && { signal }),
      });
      if (status >= 200 && status < 300) return;
      const message = `The store of the sink answered ${status}. Check its address, its bucket, the key and the key's rights.`;
      throw new DomainError('upstream', `sink_status_${status}`, message);
    },
  };
}
