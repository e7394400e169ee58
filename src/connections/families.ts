import type { FamilyName } from '../../contracts/lms.ts';

export { type FamilyName, familyNames } from '../../contracts/lms.ts';

/** A value that is the same for every customer, or follows from others: `{issuer}` and `{clientId}` are filled in. */
export interface KnownValue {
  template: string;
  /** Why this can be known. */
  reason: string;
}

export type KnownField = 'issuer' | 'authorizeUrl' | 'tokenUrl' | 'tokenAudience' | 'jwksUrl';

export interface Family {
  /** The product's name as people know it. */
  title: string;
  /** Whether one registration with the vendor serves all schools. */
  hubWide: boolean;
  known: Partial<Record<KnownField, KnownValue>>;
  /** Where in that product an administrator finds the values and enters ours. */
  whereToFind: string;
}

const canvasHost =
  'The hosted service answers on one host for all customers; self-hosted and test sites differ.';
const moodlePath = 'Fixed path of the mod_lti plugin below the site address, which is the issuer.';
const blackboardGateway = 'The vendor’s gateway, the same for all schools.';
const brightspaceSite = 'Fixed path on the school’s own site, which is the issuer.';
const brightspaceService = 'Tokens for every site come from the vendor’s central service.';
const schoologyService = 'The vendor’s LTI service, the same for all schools.';

export const families: Readonly<Record<FamilyName, Family>> = {
  canvas: {
    title: 'Canvas',
    hubWide: false,
    known: {
      issuer: {
        template: 'https://canvas.instructure.com',
        reason: 'Every production customer shares this issuer; canvas.beta and canvas.test have their own.',
      },
      authorizeUrl: { template: 'https://sso.canvaslms.com/api/lti/authorize_redirect', reason: canvasHost },
      tokenUrl: { template: 'https://sso.canvaslms.com/login/oauth2/token', reason: canvasHost },
      jwksUrl: { template: 'https://sso.canvaslms.com/api/lti/security/jwks', reason: canvasHost },
    },
    whereToFind:
      'Admin → Developer Keys → LTI Key gives the client ID; Settings → Apps gives the deployment ID.',
  },
  moodle: {
    title: 'Moodle',
    hubWide: false,
    known: {
      authorizeUrl: { template: '{issuer}/mod/lti/auth.php', reason: moodlePath },
      tokenUrl: { template: '{issuer}/mod/lti/token.php', reason: moodlePath },
      jwksUrl: { template: '{issuer}/mod/lti/certs.php', reason: moodlePath },
    },
    whereToFind:
      'Site administration → Plugins → External tool → Manage tools; the list icon shows every value.',
  },
  blackboard: {
    title: 'Blackboard',
    hubWide: true,
    known: {
      issuer: { template: 'https://blackboard.com', reason: 'One issuer for all schools.' },
      authorizeUrl: {
        template: 'https://developer.blackboard.com/api/v1/gateway/oidcauth',
        reason: blackboardGateway,
      },
      tokenUrl: {
        template: 'https://developer.blackboard.com/api/v1/gateway/oauth2/jwttoken',
        reason: blackboardGateway,
      },
      jwksUrl: {
        template: 'https://developer.blackboard.com/api/v1/management/applications/{clientId}/jwks.json',
        reason: 'The gateway publishes the keys of each application under its client ID.',
      },
    },
    whereToFind:
      'The developer portal gives the client ID; each school’s LTI Tool Providers page its deployment ID.',
  },
  brightspace: {
    title: 'Brightspace',
    hubWide: false,
    known: {
      authorizeUrl: { template: '{issuer}/d2l/lti/authenticate', reason: brightspaceSite },
      jwksUrl: { template: '{issuer}/d2l/.well-known/jwks', reason: brightspaceSite },
      tokenUrl: { template: 'https://auth.brightspace.com/core/connect/token', reason: brightspaceService },
      tokenAudience: {
        template: 'https://api.brightspace.com/auth/token',
        reason: 'The token service wants this audience, which is not its own address.',
      },
    },
    whereToFind: 'Admin Tools → Manage Extensibility → LTI Advantage shows the values after registration.',
  },
  schoology: {
    title: 'Schoology',
    hubWide: true,
    known: {
      issuer: { template: 'https://schoology.schoology.com', reason: 'One issuer for all schools.' },
      authorizeUrl: {
        template: 'https://lti-service.svc.schoology.com/lti-service/authorize-redirect',
        reason: schoologyService,
      },
      tokenUrl: {
        template: 'https://lti-service.svc.schoology.com/lti-service/access-token',
        reason: schoologyService,
      },
      jwksUrl: {
        template: 'https://lti-service.svc.schoology.com/lti-service/.well-known/jwks',
        reason: schoologyService,
      },
    },
    whereToFind:
      'The app’s page in the App Center gives the client ID; each school’s installation its deployment ID.',
  },
  sakai: {
    title: 'Sakai',
    hubWide: false,
    known: {
      authorizeUrl: {
        template: '{issuer}/imsoidc/lti13/oidc_auth',
        reason: 'Fixed path on the server; the token address carries the tool’s number and has to be copied.',
      },
      jwksUrl: { template: '{issuer}/imsblis/lti13/keyset', reason: 'One key set for the whole server.' },
    },
    whereToFind:
      'Administration Workspace → Plus/External Tools → the tool’s LTI 1.3 page shows every value.',
  },
  generic: {
    title: 'Another LMS',
    hubWide: false,
    known: {},
    whereToFind: 'Ask the LMS’s administrator for its LTI 1.3 issuer, client ID, and addresses.',
  },
};

/** The values of a family that can be known from what was given; a template lacking its value is left out. */
export function knownValues(
  family: FamilyName,
  given: { issuer?: string | undefined; clientId: string },
): Partial<Record<KnownField, string>> {
  const { known } = families[family];
  const issuer = given.issuer ?? known.issuer?.template;
  const isUsual = issuer === known.issuer?.template || known.issuer === undefined;
  const filled: Partial<Record<KnownField, string>> = {};
  if (issuer === undefined) return filled;
  filled.issuer = issuer;
  // Another issuer than the family's own is another installation: its addresses are its own too.
  if (!isUsual) return filled;
  for (const [field, { template }] of Object.entries(known) as [KnownField, KnownValue][]) {
    if (field === 'issuer') continue;
    filled[field] = template
      .replace('{issuer}', issuer.replace(/\/$/, ''))
      .replace('{clientId}', encodeURIComponent(given.clientId));
  }
  return filled;
}
