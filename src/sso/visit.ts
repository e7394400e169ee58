import type { Request, Response } from 'express';
import type { Tenant } from '../tenants/tenants.ts';
import type { Identity } from './identities/identity.ts';

/** Somebody at the door of one connection. */
export interface SignInVisit {
  tenant: Tenant;
  /** Its secrets opened. */
  identity: Identity;
  returnTo: string;
  /** Shows what would happen, and signs nobody in. */
  isTest: boolean;
}

/** Sends somebody off to the other side, or shows the form for a password. */
export type BeginSignIn = (request: Request, response: Response, visit: SignInVisit) => Promise<void>;
