/** Words that the hub and its HTTP API share about signing in. */

/** The ways in which somebody signs in. */
export const protocols = ['saml', 'oidc', 'ldap'] as const;

export const identityStatuses = ['active', 'paused', 'disabled'] as const;

/** What somebody is at an institution, as far as signing in tells: portals and launches name it so. */
export const portalRoles = ['student', 'teacher', 'staff', 'administrator', 'guardian'] as const;
