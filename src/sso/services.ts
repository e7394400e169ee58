import type { ZodObject } from 'zod';
import type { ConnectionId, TenantId } from '../../contracts/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, TenantTx } from '../platform/db.ts';
import type { Log } from '../platform/log.ts';
import type { OutboundFetch } from '../platform/outbound/fetch.ts';
import type { Secrets } from '../platform/secrets/secrets.ts';
import type { Tenant } from '../tenants/tenants.ts';
import type { Identity, Protocol } from './identities/identity.ts';
import type { Term } from './saml/certificate-warnings.ts';

/** What a protocol asks of its connections, and what an operator may ask of it. */
export interface ProtocolTerms {
  /** Secret ones are marked by `secret()` of the connector contract. */
  settings: ZodObject;
  presets: readonly string[];
  /** Settings that a connection of a preset begins with, where it suggests any; what is given counts more. */
  suggested?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What the institution enters on its side; absent where it needs to know nothing of ours. */
  ownSide?(place: OwnSidePlace): OwnSide;
  /** Asks the other side whether the settings work. What that does wrong is a step's reason, and never thrown. */
  check?(connection: OpenedIdentity): Promise<readonly CheckedStep[]>;
}

/** A connection with its secrets opened, and whose it is. */
export interface OpenedIdentity {
  tenant: Pick<Tenant, 'tenantId' | 'slug'>;
  identity: Identity;
}

export interface OwnSidePlace {
  slug: string;
  connectionId: ConnectionId;
  preset: string;
  /** Without a trailing slash. */
  baseUrl: string;
}

/** What the hub tells an institution to enter. */
export interface OwnSide {
  /** By the names that forms of identity providers have for them, in English. */
  addresses: readonly { name: string; value: string }[];
  /** What the other side has to be told to send, in English. */
  advice: string;
}

/** One step of asking the other side. */
export interface CheckedStep {
  /** Whom: host and port, or an address. */
  at: string;
  step: string;
  /** How long it took. */
  ms: number;
  /** Why it failed: a reason code of sign-ins of this protocol, or a code that brings its own advice. */
  reason?: string;
  advice?: string;
}

/** What is asked in the transaction of a change, once nobody else can change the connection: it throws where the change is refused. */
export type ChangeGuard = (tx: TenantTx, connectionId: ConnectionId) => Promise<void>;

/** Changes without a guard are anybody's: of the hub itself, and from its machine. */
export interface Guarded {
  guard?: ChangeGuard;
}

/** What signing in is given; it reaches for nothing else. */
export interface SsoServices {
  db: Database;
  clock: Clock;
  log: Log;
  secrets: Secrets;
  /** The hub's own address without a trailing slash. */
  baseUrl: string;
  protocols: Readonly<Record<Protocol, ProtocolTerms>>;
  /** Stretches of an institution's year in which nobody should have to change a certificate; without it none is known. */
  termsOf?: TermsOf;
}

/** An institution's terms, those to come among them. */
export type TermsOf = (tenantId: TenantId) => Promise<readonly Term[]>;

/** What operators steer signing in with: they may have the other side asked. */
export interface SsoOperation extends SsoServices {
  /** The guarded one. */
  fetch: OutboundFetch;
}
