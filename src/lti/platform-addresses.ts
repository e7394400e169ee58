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
