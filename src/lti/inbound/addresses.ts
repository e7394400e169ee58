/** Where the platform posts its answer: the redirect_uri registered there. */
export function launchUrl(baseUrl: string, tenant: { slug: string } | undefined): string {
  return tenant === undefined ? `${baseUrl}/lti/launch` : `${baseUrl}/t/${tenant.slug}/lti/launch`;
}

/** Where a login starts: the login initiation URL registered at the platform. */
export function loginUrl(baseUrl: string, tenant: { slug: string } | undefined): string {
  return tenant === undefined ? `${baseUrl}/lti/login` : `${baseUrl}/t/${tenant.slug}/lti/login`;
}
