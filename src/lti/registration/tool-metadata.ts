import { z } from 'zod';
import { type AddressRules, publicKeySet, webAddress } from '../../platform/partner-values.ts';
import { displayName } from '../../tenants/slug.ts';
import type { NewTool } from '../../tools/settings.ts';
import type { ToolTerms } from './invitation.ts';
import { registeredMessages } from './profiles.ts';
import { toolClaim } from './tool-configuration.ts';

/** Error codes that RFC 7591 §3.2.2 fixes. */
export type MetadataError = 'invalid_redirect_uri' | 'invalid_client_metadata';

export type MetadataReading =
  | {
      ok: true;
      tool: Omit<NewTool, 'slug' | 'presentation'>;
      /** What is registered, as the answer says it (RFC 7591 §3.2.1). */
      registered: Record<string, unknown>;
    }
  | { ok: false; error: MetadataError; description: string };

const shortText = z.string().min(1).max(500);
const list = z.array(shortText).max(100);

/** As LTI Dynamic Registration 1.0 §2.2.1 wants it; what else is in it is ignored (RFC 7591 §2). */
function metadata(rules: AddressRules) {
  const address = webAddress(rules);
  return z
    .object({
      application_type: z.literal('web').default('web'),
      response_types: list.refine((types) => types.includes('id_token'), {
        error: 'id_token has to be there.',
      }),
      grant_types: list.refine((types) => types.includes('implicit'), { error: 'implicit has to be there.' }),
      initiate_login_uri: address,
      redirect_uris: z.array(address).min(1).max(20),
      client_name: displayName,
      jwks_uri: address.optional(),
      jwks: publicKeySet.optional(),
      token_endpoint_auth_method: z.literal('private_key_jwt'),
      scope: z.string().max(10_000).default(''),
      [toolClaim]: z.object({
        domain: z.string().min(1).max(255),
        secondary_domains: list.default([]),
        description: z.string().max(2_000).optional().catch(undefined),
        target_link_uri: address,
        claims: list.default([]),
        messages: z
          .array(z.looseObject({ type: shortText, target_link_uri: address.optional() }))
          .max(100)
          .default([]),
      }),
    })
    .refine(({ jwks, jwks_uri: uri }) => (jwks === undefined) !== (uri === undefined), {
      // RFC 7591 §2: never both; LTI Dynamic Registration 1.0 §2.2.1: a tool has keys.
      error: 'Give either jwks_uri or jwks.',
      path: ['jwks_uri'],
    })
    .refine((data) => isAtOwnDomain(data[toolClaim]), {
      error: 'It has to be at the tool’s domain or at one of its secondary domains.',
      path: [toolClaim, 'target_link_uri'],
    });
}

/** Some domains have the port, some do not. */
function isAtOwnDomain(tool: {
  domain: string;
  secondary_domains: readonly string[];
  target_link_uri: string;
}): boolean {
  const { host, hostname } = new URL(tool.target_link_uri);
  return [tool.domain, ...tool.secondary_domains].some((each) => each === host || each === hostname);
}

/**
 * Reads what a tool says of itself (RFC 7591 §2; LTI Dynamic Registration 1.0 §2.2.1) and decides what of it is registered: it
 * gets of the scopes it asks for those that it was invited with.
 */
export function readToolMetadata(given: unknown, terms: ToolTerms, rules: AddressRules): MetadataReading {
  const read = metadata(rules).safeParse(given);
  if (!read.success) return refuse(read.error.issues);
  const { data } = read;
  const { [toolClaim]: tool, jwks, jwks_uri: jwksUri } = data;
  const asked = new Set(data.scope.split(' '));
  const scopes = terms.scopes.filter((scope) => asked.has(scope));
  const keys = jwks === undefined ? { jwks_uri: jwksUri } : { jwks };
  return {
    ok: true,
    tool: {
      name: data.client_name,
      loginInitiationUrl: data.initiate_login_uri,
      targetLinkUri: tool.target_link_uri,
      redirectUris: [...new Set(data.redirect_uris)],
      jwksUrl: jwksUri ?? null,
      jwks: jwks ?? null,
      scopes,
    },
    registered: {
      application_type: data.application_type,
      response_types: ['id_token'],
      grant_types: ['implicit', 'client_credentials'],
      initiate_login_uri: data.initiate_login_uri,
      redirect_uris: data.redirect_uris,
      client_name: data.client_name,
      ...keys,
      token_endpoint_auth_method: data.token_endpoint_auth_method,
      scope: scopes.join(' '),
      [toolClaim]: {
        domain: tool.domain,
        ...(tool.secondary_domains.length > 0 && { secondary_domains: tool.secondary_domains }),
        ...(tool.description !== undefined && { description: tool.description }),
        target_link_uri: tool.target_link_uri,
        claims: tool.claims,
        messages: tool.messages.filter(({ type }) => registeredMessages.some((each) => each === type)),
      },
    },
  };
}

function refuse(issues: readonly z.core.$ZodIssue[]): MetadataReading {
  const [first] = issues;
  const path = first?.path.join('.') ?? '';
  const isRedirect = first?.path[0] === 'redirect_uris';
  return {
    ok: false,
    error: isRedirect ? 'invalid_redirect_uri' : 'invalid_client_metadata',
    // The checks' own words, which quote nothing of what was sent.
    description: `${path === '' ? 'The metadata' : path}: ${first?.message ?? 'not valid'}`,
  };
}
