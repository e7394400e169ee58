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
}
