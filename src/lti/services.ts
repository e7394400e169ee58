import type { Acceptance, HandedInScore } from '../grades/accept.ts';
import type { Refusal, RowlessCall } from '../health/refusals.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import type { Secrets } from '../platform/secrets/secrets.ts';
import type { ContentItems } from './deep-linking/content-items.ts';
import type { LaunchDirectory } from './directory.ts';
import type { JwksCache } from './jwks.ts';
import type { Signer } from './keys/signer.ts';
import type { LmsGradebook } from './lms/gradebook.ts';
import type { LmsGroups } from './lms/groups.ts';
import type { LmsMemberships } from './lms/memberships.ts';
import type { NoticeSources } from './notices/sources.ts';
import type { ReturnAddresses } from './return-addresses.ts';
import type { AccessTokens } from './token/access-token.ts';
import type { ToolClients } from './token/clients.ts';

/** Where a score goes once it is understood. */
export interface GradeIntake {
  /** When this says `accepted`, the score is on disk. */
  accept(handedIn: HandedInScore): Promise<Acceptance>;
}

/** What the launch flows and the services for tools are given; they reach for nothing else. */
export interface LtiServices {
  db: Database;
  clock: Clock;
  /** The hub's own address without a trailing slash; its issuer towards tools. */
  baseUrl: string;
  /** Takes loopback addresses of LMSs: for demo and tests. */
  allowLoopback: boolean;
  directory: LaunchDirectory;
  jwks: JwksCache;
  signer: Signer;
  /** Tools as the clients of the token endpoint. */
  clients: ToolClients;
  /** Where links lead that came by deep linking. */
  contentItems: ContentItems;
  /** What tools call the hub's services with. */
  accessTokens: AccessTokens;
  /** Takes scores in, to be delivered in the background. */
  grades: GradeIntake;
  /** The gradebooks of LMSs, live. */
  gradebook: LmsGradebook;
  /** Their class lists, live. */
  memberships: LmsMemberships;
  /** The groups of their courses, live. */
  groups: LmsGroups;
  /** Notes where LMSs take addresses for notices. */
  noticeSources: NoticeSources;
  secrets: Secrets;
  /** From which the hashes of released fields are keyed. */
  releaseSecret: Buffer;
  /** Who may frame a page that belongs to no registration: CSP sources. */
  frameAncestors: readonly string[];
  /** How many rows of unproven refusals a tenant keeps, by tenant id. */
  unprovenRows: { take(tenantId: string): { allowed: boolean } };
  /** Seals the LMS's return addresses into addresses of the hub. */
  returnAddresses: ReturnAddresses;
  /** Counts a refusal that has no tenant to keep a row for. Never waits, never throws. */
  recordRefusal(refusal: Refusal): void;
  /** Counts a call that leaves no row of its own, whatever came of it. Never waits, never throws. */
  recordCall(call: RowlessCall): void;
}
