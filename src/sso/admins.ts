import type { ConnectionId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import type { HostCookie } from '../platform/http/cookies.ts';
import type { EndedByPartner, PartnerHashes } from './sessions/session.ts';

/** What the console wants to know again when the answer comes; opaque here. */
export type ConsoleAsked = Readonly<Record<string, unknown>>;

/** Somebody at the door of the console, whom an identity provider of their institution vouches for. */
export interface AdminArrival {
  connectionId: ConnectionId;
  /** With `subject` whom the other side knows them as, for good. */
  issuer: string;
  subject: string;
  /** When the other side wants the session over. */
  endsAt: Date | undefined;
  /** By what it tells that the session is over. */
  partner: PartnerHashes;
  asked: ConsoleAsked;
  /** A path of the console. */
  returnTo: string;
  cookieHeader: string | undefined;
  /** Of the browser. */
  address: string | undefined;
  /** Unix milliseconds. */
  now: number;
}

/** Why somebody who is who they say does not come to the console: reasons that every way of signing in has. */
export type AdminRefusal =
  | 'admin_unknown'
  | 'admin_disabled'
  | 'admin_way_closed'
  | 'admin_link_over'
  | 'admin_linked_elsewhere';

export type Admission =
  | { admitted: true; cookie: HostCookie; location: string }
  | { admitted: false; reason: AdminRefusal };

/** Lets an admin in, or says why not and changes nothing then. */
export type AdmitAdmin = (tx: TenantTx, arrival: AdminArrival) => Promise<Admission>;

/** Ends the console sessions that came of a connection's sessions. @param now Unix milliseconds */
export type EndAdmins = (
  tx: TenantTx,
  ended: { connectionId: ConnectionId } & EndedByPartner,
  now: number,
) => Promise<void>;
