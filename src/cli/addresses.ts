/** What a tool's developer enters to know the hub as an LTI platform. */
export function platformAddresses(baseUrl: string) {
  return {
    issuer: baseUrl,
    openidConfiguration: `${baseUrl}/.well-known/openid-configuration`,
    authorizeUrl: `${baseUrl}/platform/authorize`,
    tokenUrl: `${baseUrl}/platform/token`,
    jwksUrl: `${baseUrl}/.well-known/jwks.json`,
  };
}

/**
 * What an LMS's administrator enters to know the hub as an LTI tool.
 *
 * @param tenantSlug undefined for a hub-wide registration, whose addresses name no tenant
 */
export function toolAddresses(baseUrl: string, tenantSlug: string | undefined, toolSlugs: readonly string[]) {
  const root = tenantSlug === undefined ? baseUrl : `${baseUrl}/t/${tenantSlug}`;
  return {
    loginUrl: `${root}/lti/login`,
    redirectUri: `${root}/lti/launch`,
    targetLinkUris: toolSlugs.map((slug) => `${root}/open/${slug}`),
    jwksUrl: `${baseUrl}/.well-known/jwks.json`,
  };
}

export type ToolAddresses = ReturnType<typeof toolAddresses>;
