import type { Request, Response } from 'express';
import type { SessionId } from '../../contracts/ids.ts';
import type { Tenant } from '../tenants/tenants.ts';
import type { ConsoleAsked } from './admins.ts';
import type { Identity, Protocol } from './identities/identity.ts';

/** Somebody at the door of one connection. */
export interface SignInVisit {
  tenant: Tenant;
  /** Its secrets opened. */
  identity: Identity;
  returnTo: string;
  /** Shows what would happen, and signs nobody in. */
  isTest: boolean;
  /** Of an admin on the way to the console. */
  console?: ConsoleAsked | undefined;
}

/** Sends somebody off to the other side, or shows the form for a password. */
export type BeginSignIn = (request: Request, response: Response, visit: SignInVisit) => Promise<void>;

/** Somebody whose session here has just ended. */
export interface SignOutVisit extends Pick<SignInVisit, 'tenant' | 'identity'> {
  sessionId: SessionId;
}

/** How people sign in and out by one protocol. */
export interface SignInWay {
  begin: BeginSignIn;
  /**
   * Makes ready to sign out at the other side as well; nothing is answered yet.
   *
   * @returns what sends the browser on; undefined where the other side offers no such thing
   */
  signOut?(request: Request, response: Response, visit: SignOutVisit): Promise<(() => void) | undefined>;
}

export type SignInWays = Readonly<Record<Protocol, SignInWay>>;
