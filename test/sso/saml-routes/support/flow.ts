import { inflateRawSync } from 'node:zlib';
import type { Identity } from '../../../../src/sso/identities/identity.ts';
import { makeTestLink } from '../../../../src/sso/requests/test-link.ts';
import { placesOf } from '../../../../src/sso/saml-connections/own-side.ts';
import type { Tenant } from '../../../../src/tenants/tenants.ts';
import type { Answer } from '../../../demo/support/user-agent.ts';
import { answer, field, honest, type Packing, type Said, type Target } from '../../saml/support/idp.ts';
import type { Visitor } from '../../support/visitor.ts';
import { idpEntityId, type SamlWorld, type Try } from './world.ts';

/** A sign-in on its way to the identity provider. */
export interface Begun {
  visitor: Visitor;
  relayState: string;
  target: Target;
  requestXml: string;
}

/** Whom answers of the identity provider are for. */
export function targetOf(
  world: SamlWorld,
  tenant: Tenant,
  { connectionId }: Identity,
  requestId?: string,
): Target {
  const { entityId: spEntityId, acsUrl } = placesOf(world.services.baseUrl, tenant.slug, connectionId);
  return { idpEntityId, spEntityId, acsUrl, requestId, now: world.clock.now() };
}

interface BeginOptions {
  visitor?: Visitor;
  query?: string;
  /** By the address that an operator makes for a test. */
  isTest?: boolean;
}

export async function begin(
  world: SamlWorld,
  tenant: Tenant,
  identity: Identity,
  { visitor = world.first.visitor(), query = '', isTest = false }: BeginOptions = {},
): Promise<Begun> {
  const sent = isTest
    ? await visitor.post(await testPathOf(world, tenant, identity), {})
    : await visitor.open(`/t/${tenant.slug}/sign-in/${identity.connectionId}${query}`);
  const { searchParams } = new URL(sent.location ?? 'https://no.location.invalid');
  const message = Buffer.from(searchParams.get('SAMLRequest') ?? '', 'base64');
  const requestXml = message.length === 0 ? '' : inflateRawSync(message).toString();
  const requestId = / ID="([^"]+)"/.exec(requestXml)?.[1];
  const relayState = searchParams.get('RelayState') ?? '';
  return { visitor, relayState, requestXml, target: targetOf(world, tenant, identity, requestId) };
}

async function testPathOf({ services, by }: SamlWorld, tenant: Tenant, { connectionId }: Identity) {
  return new URL((await makeTestLink(services, tenant, connectionId, by())).address).pathname;
}

/** What the identity provider says, some of it lies, as the value of the form's field. */
export function tell(world: SamlWorld, target: Target, lies: Partial<Said> = {}, packing?: Packing): string {
  const { privateKey: key, certificate } = world.keys.active;
  const signAssertion = { key, certificate: certificate.base64 };
  return field(answer({ ...honest(target), ...lies }, packing ?? { signAssertion }));
}

/** What an identity provider's page posts. */
export interface Form {
  SAMLResponse: string;
  RelayState?: string;
}

/** Posts a form as the identity provider's site lets a browser do. */
export function post(visitor: Visitor, target: Target, { SAMLResponse, RelayState }: Form): Promise<Answer> {
  const { pathname } = new URL(target.acsUrl);
  const form = { SAMLResponse, ...(RelayState !== undefined && { RelayState }) };
  return visitor.post(pathname, form, { 'sec-fetch-site': 'cross-site', origin: 'https://idp.example' });
}

/** A sign-in from its beginning to its end. */
export async function signIn(world: SamlWorld, tenant: Tenant, identity: Identity, lies: Partial<Said> = {}) {
  const begun = await begin(world, tenant, identity);
  const { visitor, target, relayState: RelayState } = begun;
  const ended = await post(visitor, target, { SAMLResponse: tell(world, target, lies), RelayState });
  return { ...begun, ended };
}

/** The reason that a page of a refusal tells an engineer. */
export function reasonOf({ body }: Answer): string | undefined {
  return /<p lang="en" dir="ltr">([a-z_]+): /.exec(body)?.[1];
}

/** The row with the reference that a page of a refusal tells. */
export async function rowOf(world: SamlWorld, tenant: Tenant, { body }: Answer): Promise<Try | undefined> {
  const reference = /class="reference">.*?<code>([^<]+)/.exec(body)?.[1];
  const rows = await world.tries(tenant);
  return rows.find((row) => row.reference === reference);
}
