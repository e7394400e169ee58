import { type AddressRules, webAddress } from '../../platform/partner-values.ts';
import { claim, type Payload, record } from '../claims.ts';

/**
 * Where the LMS lists the members of the course, from a verified payload (NRPS 2.0 §3.6.1.1).
 *
 * @returns undefined where it lists none
 */
export function takeMembershipsUrl(payload: Payload, rules: AddressRules): string | undefined | 'malformed' {
  const given = payload[claim.membershipService];
  if (given === undefined || given === null) return undefined;
  const url = record(given).context_memberships_url;
  if (url === undefined || url === null || url === '') return undefined;
  const address = webAddress(rules).safeParse(url);
  return address.success ? address.data : 'malformed';
}
