import type { z } from 'zod';
import type { oidcSettings } from './settings.ts';

type Suggested = Partial<Omit<z.input<typeof oidcSettings>, 'clientId' | 'clientSecret' | 'tenant'>>;

export interface OidcPreset {
  readonly label: string;
  /** How the product spells its issuer; where it has one address for everybody, it stands in the settings as well. */
  readonly issuer: string;
  /** A connection begins with these. */
  readonly settings: Suggested;
  /** Which rule keeps other institutions' accounts out. */
  readonly tenant: 'none' | 'entra' | 'google';
  /** What has to be set on the other side, in English. */
  readonly advice: string;
}

const entraIssuer = 'https://login.microsoftonline.com/{tenantid}/v2.0';
const googleIssuer = 'https://accounts.google.com';

/** What the makers of OpenID providers do, as data. */
export const oidcPresets = {
  generic: {
    label: 'Another OpenID provider',
    issuer: 'https://login.school.example',
    settings: {},
    tenant: 'none',
    advice:
      'Register a confidential web client for the authorization code flow with PKCE, with the redirect address that the connection page shows, and the post-logout and back-channel logout addresses if there are fields for them.',
  },
  entra: {
    label: 'Microsoft Entra ID',
    issuer: entraIssuer,
    // UserInfo lies on Microsoft Graph and says no more than the token.
    settings: { issuer: entraIssuer, clientAuthentication: 'client_secret_post', userInfo: false },
    tenant: 'entra',
    advice:
      'Register the application for accounts of this directory only and add the redirect address under “Web”. Under “Token configuration” add the optional claims given_name, family_name and email, and groups that are assigned to the application: above 200, Entra ID sends a link in their place. E-mail address and user principal name can be given to others and are no key.',
  },
  google: {
    label: 'Google Workspace',
    issuer: googleIssuer,
    settings: {
      issuer: googleIssuer,
      clientAuthentication: 'client_secret_post',
      prompt: 'select_account',
      endSession: false,
    },
    tenant: 'google',
    advice:
      'Create an OAuth client of type “Web application” in a project of the school’s organisation, with the user type “Internal”. Google sends no groups and offers no sign-out.',
  },
  okta: {
    label: 'Okta',
    issuer: 'https://school.okta.com',
    // The ID Token of the code flow leaves profile and groups to UserInfo; assertions are made out to the token address.
    settings: {
      scopes: ['openid', 'profile', 'email', 'groups'],
      userInfo: true,
      assertionAudience: 'token_endpoint',
    },
    tenant: 'none',
    advice:
      'Create an app integration “OIDC – Web Application” with the sign-in and sign-out redirect addresses, assign the people to it, and set the groups claim filter of the app.',
  },
  keycloak: {
    label: 'Keycloak',
    issuer: 'https://keycloak.school.example/realms/school',
    settings: {},
    tenant: 'none',
    advice:
      'Create a client with “Client authentication” and “Standard flow” on, the redirect and post-logout addresses, and the back-channel logout address with “Backchannel logout session required”. Groups need a mapper of type “Group Membership” named groups that adds to the ID token.',
  },
  adfs: {
    label: 'AD FS 2016 or later',
    issuer: 'https://adfs.school.example/adfs',
    settings: {
      scopes: ['openid', 'profile', 'email', 'allatclaims'],
      clientAuthentication: 'client_secret_post',
      assertionAudience: 'token_endpoint',
      claims: { name: 'unique_name', groups: 'group' },
    },
    tenant: 'none',
    advice:
      'Create an application group “Server application accessing a web API” whose web API has the client id as its identifier, permit the scopes openid, profile, email and allatclaims, and add an issuance rule for given name, surname, e-mail address and token groups. The user principal name changes when a person is renamed and is no key.',
  },
} as const satisfies Record<string, OidcPreset>;

export type OidcPresetName = keyof typeof oidcPresets;
