import { type ZodType, z } from 'zod';
import { serviceScopes } from '../../contracts/scopes.ts';
import { type AddressRules, publicKeySet, webAddress } from '../platform/partner-values.ts';
import { displayName, slug } from '../tenants/slug.ts';
import { presentations, switchStates, type Tool } from './tool.ts';

/** What is said about a tool: everything but what the hub gives it. */
export type ToolSettings = Omit<Tool, 'toolId' | 'clientId' | 'version'>;

/** What must be said to register a tool; the rest has defaults. */
export type NewTool = Pick<
  ToolSettings,
  'slug' | 'name' | 'loginInitiationUrl' | 'targetLinkUri' | 'redirectUris'
> &
  Partial<ToolSettings>;

/** Checks a tool's settings. Defaults: framed, no storage, active, no keys, every scope. */
export function toolSettings(rules: AddressRules): ZodType<ToolSettings> {
  const address = webAddress(rules);
  return z
    .strictObject({
      slug,
      name: displayName,
      loginInitiationUrl: address,
      targetLinkUri: address,
      redirectUris: z
        .array(address)
        .min(1, { error: 'Give at least one redirect URI.' })
        .max(20, { error: 'A tool has at most 20 redirect URIs.' }),
      jwksUrl: address.nullable().default(null),
      jwks: publicKeySet.nullable().default(null),
      presentation: z.enum(presentations).default('framed'),
      supportsStorage: z.boolean().default(false),
      scopes: z
        .array(z.enum(serviceScopes, { error: `Scopes are: ${serviceScopes.join(', ')}.` }))
        .max(50, { error: 'At most 50 scopes are accepted.' })
        .transform((scopes) => [...new Set(scopes)])
        .default([...serviceScopes]),
      status: z.enum(switchStates).default('active'),
    })
    .refine(({ jwksUrl, jwks }) => jwksUrl === null || jwks === null, {
      error: 'Give a JWKS URL or a pasted key set, not both.',
      path: ['jwks'],
    });
}

/** Custom parameters: LTI Core §5.4.6 wants text values. */
export const customParameters: ZodType<Record<string, string>> = z
  .record(
    z.string().regex(/^[A-Za-z0-9_.:-]{1,100}$/, {
      error: 'A parameter name has at most 100 letters, digits, and the signs _ . : -',
    }),
    z.string().max(2000, { error: 'A parameter value has at most 2000 characters.' }),
  )
  .refine((custom) => Object.keys(custom).length <= 50, {
    error: 'At most 50 custom parameters are accepted.',
  });
