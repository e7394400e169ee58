import type { HubRegistration, LtiRegistration } from '../../connections/registration.ts';
import type { Handle } from '../../platform/handle.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import type { BrowserRequest, Proof } from '../binding.ts';
import type { Payload } from '../claims.ts';
import type { CheckedClaims } from './check-claims.ts';

/** What the platform posted, and the browser that brought it. */
export interface LaunchRequest {
  /** The tenant the address names; undefined at the hub-wide address. */
  arrival: Tenant | undefined;
  body: Readonly<Record<string, unknown>>;
  browser: BrowserRequest;
  reference: string;
}

/** A launch whose token is proven; what follows reads no unsigned value of it. */
export interface ProvenLaunch {
  request: LaunchRequest;
  state: Handle;
  /** The registration that was frozen at the login. */
  registration: LtiRegistration | HubRegistration;
  payload: Payload;
  claims: CheckedClaims;
  proof: Proof;
}
