import { agsScopes } from '../../../contracts/scopes.ts';
import { type AddressRules, webAddress } from '../../platform/partner-values.ts';
import { claim, type Payload, record, texts } from '../claims.ts';
import type { AgsEndpoint } from '../snapshot.ts';

/**
 * Takes what the LMS opens of its gradebook from a verified payload (AGS 2.0 §3.1).
 *
 * @returns no endpoint where the LMS opens none; `malformed` where a part of the claim was left out
 */
export function takeAgsEndpoint(
  payload: Payload,
  rules: AddressRules,
): { endpoint: AgsEndpoint | undefined; malformed: boolean } {
  const given = payload[claim.agsEndpoint];
  if (given === undefined || given === null) return { endpoint: undefined, malformed: false };
  const { scope, lineitems, lineitem } = record(given);
  const [all, one] = [takeAddress(lineitems, rules), takeAddress(lineitem, rules)];
  const malformed = !Array.isArray(scope) || all === 'malformed' || one === 'malformed';
  const lineItemsUrl = all === 'malformed' ? undefined : all;
  const lineItemUrl = one === 'malformed' ? undefined : one;
  if (lineItemsUrl === undefined && lineItemUrl === undefined) return { endpoint: undefined, malformed };
  const named = new Set(texts(scope));
  // In one order: the same grant must look the same at every launch.
  const scopes = agsScopes.filter((each) => named.has(each));
  return { endpoint: { scopes, lineItemsUrl, lineItemUrl }, malformed };
}

/** AGS 2.0 §3.1: where there is no one line item, `lineitem` is blank or absent. */
function takeAddress(value: unknown, rules: AddressRules): string | undefined | 'malformed' {
  if (value === undefined || value === null || value === '') return undefined;
  const address = webAddress(rules).safeParse(value);
  return address.success ? address.data : 'malformed';
}
