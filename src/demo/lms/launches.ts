import { randomBytes } from 'node:crypto';
import type { Launch } from './claims.ts';
import { opaqueId } from './claims.ts';
import type { LoginKnobs, ToolDeployment } from './registration.ts';
import type { Tampering } from './tampering.ts';

/** A launch between login initiation and authentication response. */
export interface PendingLaunch extends Launch {
  /** LMS session that clicked the link; undefined for launches started by a program. */
  sessionId: string | undefined;
  storageTarget: string | null;
  messageHintUse: LoginKnobs['messageHintUse'];
  tampering: Tampering;
  /** The `data` of a request for content; undefined for a launch that opens a link. */
  content?: string;
  /** Unix milliseconds. */
  expiresAt: number;
}

/** Pending launches by lti_message_hint, in memory. */
export interface LaunchStore {
  add(launch: Omit<PendingLaunch, 'expiresAt'>, now: number): string;
  find(messageHint: string, now: number): PendingLaunch | undefined;
  remove(messageHint: string): void;
}

const lifetime = 10 * 60 * 1000;

/** Creates an empty store; launches live ten minutes. */
export function createLaunchStore(): LaunchStore {
  const pending = new Map<string, PendingLaunch>();
  return {
    add(launch, now) {
      // A Map keeps insertion order, so the oldest launches come first.
      for (const [hint, old] of pending) {
        if (old.expiresAt > now) break;
        pending.delete(hint);
      }
      const hint = randomBytes(18).toString('base64url');
      pending.set(hint, { ...launch, expiresAt: now + lifetime });
      return hint;
    },
    find(messageHint, now) {
      const launch = pending.get(messageHint);
      return launch && launch.expiresAt > now ? launch : undefined;
    },
    remove: (messageHint) => void pending.delete(messageHint),
  };
}

/** The login_hint of a person: opaque to the tool. */
export function loginHintOf(personId: string): string {
  return opaqueId('login', personId);
}

/** A third-party initiated login, ready to be sent by the browser. */
export interface ThirdPartyLogin {
  /** The tool's login initiation URL, without the parameters. */
  url: string;
  method: 'GET' | 'POST';
  parameters: Record<string, string>;
  /** The same login as one link. */
  getUrl: string;
}

/** Builds the login initiation request. Security Framework 1.0 §5.1.1.1, Core 1.3 §4.1. */
export function buildThirdPartyLogin(
  issuer: string,
  launch: Launch,
  deployment: ToolDeployment,
  messageHint: string,
  knobs: LoginKnobs,
): ThirdPartyLogin {
  const parameters: Record<string, string> = {
    iss: issuer,
    login_hint: loginHintOf(launch.person.id),
    target_link_uri: launch.targetLinkUri,
    lti_message_hint: messageHint,
  };
  if (knobs.includeClientId) parameters.client_id = launch.clientId;
  if (knobs.deploymentParameter !== 'none') parameters[knobs.deploymentParameter] = launch.deploymentId;
  // LTI OIDC Login with Client Side postMessages 0.1: tells the tool which frame stores its state.
  if (knobs.storageTarget !== null) parameters.lti_storage_target = knobs.storageTarget;
  const link = new URL(deployment.loginUrl);
  for (const [name, value] of Object.entries(parameters)) link.searchParams.set(name, value);
  return { url: deployment.loginUrl, method: knobs.method, parameters, getUrl: link.href };
}
