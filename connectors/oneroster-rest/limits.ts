import type { Limits } from '../../contracts/connector.ts';

/** What a source is asked for at most. */
export const limits = {
  // One answer is made while another is on its way; more at once would only load the source.
  concurrency: 2,
  requestsPerSecond: 20,
  pageSize: 5_000,
} as const satisfies Limits;
