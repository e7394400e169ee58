/** What the peer's process is told first, as its only argument: JSON. */
export interface PeerSettings {
  databaseUrl: string;
}

/** The hub as ltijs is told of it, once the hub has given the tool a client_id. */
export interface PlatformMessage {
  issuer: string;
  clientId: string;
  authorizeUrl: string;
  jwksUrl: string;
}

/** What the peer says: where it listens, and then that the platform is registered. */
export type PeerMessage = { kind: 'listening'; port: number } | { kind: 'registered' };

/** What ltijs made of a launch, as its page shows it. */
export interface LaunchFacts {
  name: string | undefined;
  email: string | undefined;
  roles: string[];
  course: string | undefined;
  deploymentId: string;
  sub: string;
  /** Address of the one line item at the link. */
  lineItem: string | undefined;
}

/** A call of ltijs's own Grade service, made in the session of whoever has launched. */
export interface GradeCall {
  /** Name of the service's method. */
  method: string;
  /** What comes after the id_token. */
  given: unknown[];
  /** How far the tool's clock is behind during the call, in milliseconds. */
  clockBehindMs?: number;
}

/** What the service gave back, or the refusal that it threw. */
export type GradeAnswer =
  | { kind: 'done'; value: unknown }
  | { kind: 'refused'; status: number; body: string }
  | { kind: 'failed'; message: string };

/** A call of ltijs's NamesAndRoles service. */
export interface MembersCall {
  options: { role?: string; limit?: number; pages?: number | false; url?: string; resourceLinkId?: boolean };
}

/** What a teacher has chosen, for ltijs's DeepLinking service. */
export interface ContentChoice {
  items: unknown[];
  options: { message?: string; errMessage?: string; log?: string; errLog?: string };
}
