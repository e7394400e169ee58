import type { ConnectionId, LaunchId } from '../../../contracts/ids.ts';
import type { LaunchSnapshot } from '../snapshot.ts';

/** What an engineer reads beside the columns of a launch; no personal data. */
export interface Trace {
  facts: Record<string, unknown>;
  warnings: string[];
}

/** Everything a launch brings that has passed the checks of its token. */
export interface AcceptedLaunch {
  launchId: LaunchId;
  reference: string;
  connectionId: ConnectionId;
  deploymentId: string;
  subject: string | undefined;
  snapshot: LaunchSnapshot;
  lmsContextId: string | undefined;
  /** Undefined where the message opens no link. */
  lmsResourceLinkId: string | undefined;
  messageType: string;
  toolId: string;
  toolVersion: number;
  enablementVersion: number;
  policyVersion: number;
  binding: string;
  presentation: string;
  trace: Trace;
  /** Ids for what the hub may meet for the first time. */
  newIds: { person: string; context: string; resourceLink: string; lineItem: string };
  hint: { hash: Buffer; loginHintHash: Buffer; browserHash: Buffer; expiresAt: Date };
  now: Date;
}
