import type { OutboundFetch } from '../../platform/outbound/fetch.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { listEnabledTools } from '../../tools/enablement.ts';
import { hubAddresses } from '../addresses.ts';
import type { RegistrationReason } from '../reasons/registration.ts';
import type { LtiServices } from '../services.ts';
import { type RegistrationAnswer, readAnswer } from './answer.ts';
import { type OpenAttempt, within } from './attempts.ts';
import { fetchConfiguration, sendRegistration } from './calls.ts';
import { type PlatformConfiguration, readConfiguration } from './configuration.ts';
import { createToolConfiguration } from './tool-configuration.ts';

export type RegistrationServices = Pick<
  LtiServices,
  'db' | 'clock' | 'baseUrl' | 'allowLoopback' | 'frameAncestors' | 'recordCall' | 'recordRefusal'
> & { fetch: OutboundFetch };

export interface RegistrationInput {
  /** Whose address was opened; undefined: the hub's own, for all schools of a vendor. */
  tenant: Tenant | undefined;
  token: unknown;
  /** As the LMS adds them to the address (LTI Dynamic Registration 1.0 §3.3). */
  parameters: { openid_configuration?: unknown; registration_token?: unknown };
  reference: string;
}

/** Why a try ended in vain, and what is known of it. */
export interface Failure {
  reason: RegistrationReason;
  host: string | null;
  httpStatus?: number | undefined;
}

/** What the LMS has said and granted. */
export interface Negotiated {
  configuration: PlatformConfiguration;
  answer: RegistrationAnswer;
  host: string | null;
}

/** Asks the platform what it is, and hands the hub's configuration in. */
export async function negotiate(
  services: RegistrationServices,
  { tenant, parameters }: RegistrationInput,
  attempt: OpenAttempt<'lms'>,
): Promise<Negotiated | Failure> {
  const { db, fetch, baseUrl, allowLoopback } = services;
  const { terms } = attempt.invitation;
  const asked = readParameters(parameters);
  if (asked === undefined) return { reason: 'registration_request_invalid', host: null };
  const { url, registrationToken } = asked;
  // Some schemes have none.
  const host = (URL.canParse(url) && new URL(url).host) || null;
  // The hub has a configuration, too: as its own tool it would launch itself without end.
  if (host === new URL(baseUrl).host) return { reason: 'registration_address_refused', host };
  const described = await fetchConfiguration(fetch, url, registrationToken);
  if (!described.ok) return { ...described, host };
  const reading = readConfiguration(described.document, { url, terms, rules: { allowLoopback } });
  if (!reading.ok) return { reason: reading.reason, host };
  const { configuration } = reading;
  const soleTool = tenant && (await within(db, tenant, (tx) => findSoleTool(tx)));
  const place = { baseUrl, tenantSlug: tenant?.slug, domain: terms.domain, soleTool };
  const metadata = createToolConfiguration(configuration, place);
  const sent = await sendRegistration(fetch, configuration.registrationUrl, registrationToken, metadata);
  if (!sent.ok) return { ...sent, host };
  const { launchUrl, loginUrl } = hubAddresses(place);
  const scope = String(metadata.scope);
  const answer = readAnswer(sent.document, { scope, launchUrl, loginUrl });
  if (answer === undefined) return { reason: 'registration_answer_invalid', host };
  return { configuration, answer, host };
}

/** @returns undefined for what no LMS sends and no header can hold */
function readParameters({
  openid_configuration: url,
  registration_token: token,
}: RegistrationInput['parameters']): { url: string; registrationToken: string | undefined } | undefined {
  if (typeof url !== 'string' || url.length > 4_000) return undefined;
  // Some send an empty one.
  if (token === undefined || token === '') return { url, registrationToken: undefined };
  if (typeof token !== 'string' || !/^[\x21-\x7e]{1,8000}$/.test(token)) return undefined;
  return { url, registrationToken: token };
}

async function findSoleTool(tx: Parameters<typeof listEnabledTools>[0] | { scope: 'hub' }) {
  if (tx.scope === 'hub') return undefined;
  const [first, ...others] = await listEnabledTools(tx);
  return others.length === 0 ? first?.tool.slug : undefined;
}
