import type { GradeDestination } from '../../grades/destination.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import type { OutboundFetch } from '../../platform/outbound/fetch.ts';
import type { Secrets } from '../../platform/secrets/secrets.ts';
import type { Signer } from '../keys/signer.ts';
import { createLmsAccessTokens } from './access-tokens.ts';
import { createLmsConnections } from './connections.ts';
import { createGradeDestination } from './grade-destination.ts';
import type { LmsGradebook } from './gradebook.ts';
import { createLmsGradebook } from './gradebook-client.ts';
import { createLmsGroups, type LmsGroups } from './groups.ts';
import { createLmsMemberships, type LmsMemberships } from './memberships.ts';
import { createLmsNotices, type LmsNotices } from './notices.ts';
import { createServiceCalls } from './service-calls.ts';

/** The hub as a tool that calls LMSs. */
export interface LmsServices {
  gradebook: LmsGradebook;
  memberships: LmsMemberships;
  groups: LmsGroups;
  notices: LmsNotices;
  destination: GradeDestination;
  /** Forgets what a change notification names. */
  forget(topic: string): void;
  /** Forgets everything: notifications may have been missed. */
  forgetAll(): void;
}

export interface LmsServicesOptions {
  db: Database;
  secrets: Secrets;
  signer: Signer;
  fetch: OutboundFetch;
  clock: Clock;
  /** Is told of faults of the hub's own that sending a score met. */
  onError(error: unknown): void;
  /** How long one try to send a score may wait for the LMS. */
  giveUpAfterMs?: number;
}

export function createLmsServices(options: LmsServicesOptions): LmsServices {
  const { clock } = options;
  const connections = createLmsConnections(options);
  const tokens = createLmsAccessTokens(options);
  const call = createServiceCalls({ tokens, fetch: options.fetch });
  const gradebook = createLmsGradebook({ connections, call, clock });
  const destination = createGradeDestination({ ...options, connections, gradebook, call });
  return {
    gradebook,
    memberships: createLmsMemberships({ connections, call, clock }),
    groups: createLmsGroups({ connections, call, clock }),
    notices: createLmsNotices({ connections, call, clock }),
    destination,
    forget: connections.forget,
    forgetAll: () => {
      connections.forgetAll();
      tokens.forgetAll();
    },
  };
}
