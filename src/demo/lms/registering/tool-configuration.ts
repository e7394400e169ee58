import { z } from 'zod';
import { webAddress } from '../../../platform/partner-values.ts';
import type { School } from '../../world.ts';
import type { ToolRegistration } from '../registration.ts';
import { offeredScopes } from './platform-configuration.ts';

export const toolClaim = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

const address = webAddress({ allowLoopback: true });

const form = z.object({
  client_name: z.string().trim().min(1).max(200),
  redirect_uris: z.array(address).min(1).max(50),
  initiate_login_uri: address,
  jwks_uri: address,
  response_types: z.array(z.string()).refine((types) => types.includes('id_token')),
  grant_types: z
    .array(z.string())
    .refine((types) => types.includes('implicit') && types.includes('client_credentials')),
  token_endpoint_auth_method: z.literal('private_key_jwt'),
  scope: z.string().max(10_000).default(''),
  [toolClaim]: z.object({
    domain: z.string().min(1).max(255),
    target_link_uri: address,
    messages: z.array(z.object({ type: z.string(), target_link_uri: address.optional() })).max(50),
  }),
});

/** What a tool wants to be here, or the error that it is answered with (RFC 7591 §3.2.2). */
export type ToolReading =
  | { ok: true; asked: z.output<typeof form> }
  | { ok: false; error: 'invalid_redirect_uri' | 'invalid_client_metadata'; description: string };

/** Reads what a tool hands in (RFC 7591 §2; LTI Dynamic Registration 1.0, "Tool Configuration"). */
export function readToolConfiguration(given: unknown): ToolReading {
  const read = form.safeParse(given);
  if (!read.success) {
    const path = read.error.issues[0]?.path ?? [];
    const error = path[0] === 'redirect_uris' ? 'invalid_redirect_uri' : 'invalid_client_metadata';
    return {
      ok: false,
      error,
      description: `${path.join(' ') || 'The body'} is missing or not as it has to be.`,
    };
  }
  const { data: asked } = read;
  const { domain, target_link_uri: target, messages } = asked[toolClaim];
  const targets = [target, ...messages.flatMap(({ target_link_uri: own }) => own ?? [])];
  // "Tool Configuration": all that is opened lies in the tool's domain.
  if (!targets.every((each) => isIn(domain, each))) {
    const description = `Every target_link_uri has to be in the domain ${domain}.`;
    return { ok: false, error: 'invalid_client_metadata', description };
  }
  return { ok: true, asked };
}

function isIn(domain: string, target: string): boolean {
  const { host, hostname } = new URL(target);
  return [host, hostname].some((each) => each === domain || each.endsWith(`.${domain}`));
}

/**
 * The registration that a school gives a tool: with the scopes that are offered here, deployed to the school at once.
 *
 * @param links names of tools that links of the school's course ask for and nobody opens yet; they go to this one
 */
export function registrationFor(
  asked: z.output<typeof form>,
  place: { school: School; clientId: string; links: readonly string[] },
): ToolRegistration {
  const { target_link_uri: target, messages } = asked[toolClaim];
  const of = (type: string) => messages.find((message) => message.type === type);
  const opens = of('LtiResourceLinkRequest')?.target_link_uri ?? target;
  const content = of('LtiDeepLinkingRequest');
  const { school, clientId, links } = place;
  return {
    clientId,
    name: asked.client_name,
    redirectUris: asked.redirect_uris,
    jwksUrl: asked.jwks_uri,
    scopes: offeredScopes.filter((scope) => asked.scope.split(' ').includes(scope)),
    deployments: [
      {
        school: school.slug,
        deploymentId: `${clientId}:${school.slug}`,
        loginUrl: asked.initiate_login_uri,
        targets: Object.fromEntries([clientId, ...links].map((name) => [name, opens])),
        ...(content !== undefined && { contentUrl: content.target_link_uri ?? target }),
      },
    ],
  };
}

/** The answer to a registration (RFC 7591 §3.2.1): what was made of what the tool has asked for. */
export function answerFor(
  asked: z.output<typeof form>,
  { clientId, scopes = [], deployments: [deployment] }: ToolRegistration,
): Record<string, unknown> {
  return {
    ...asked,
    client_id: clientId,
    application_type: 'web',
    scope: scopes.join(' '),
    // LTI Dynamic Registration 1.0 §3.6: where the platform has deployed the tool right away.
    [toolClaim]: { ...asked[toolClaim], deployment_id: deployment?.deploymentId },
  };
}
