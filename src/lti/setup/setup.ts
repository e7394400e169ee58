import { type BringableField, bringableFields } from '../../../contracts/lms.ts';
import { membershipScope, serviceScopes } from '../../../contracts/scopes.ts';
import { type FamilyName, families } from '../../connections/families.ts';
import { hubAddresses, type LmsPlace } from '../addresses.ts';
import { profileOf } from '../registration/profiles.ts';
import { canvasKey } from './canvas-key.ts';

/** Where the values are for. */
export interface SetupPlace extends LmsPlace {
  /** Short names of the tools that are on. */
  tools: readonly string[];
  /** Address of the LMS, where it is known: for links into it. */
  site?: string | undefined;
}

/** All that somebody enters by hand at an LMS to know the hub as a tool. */
export interface SetupSheet {
  family: FamilyName;
  title: string;
  /** Where in the product it is entered, in English. */
  where: string;
  /** The page of the product where that is; null where it is not known. */
  link: string | null;
  /** By the names that the product's form has for them, in their order. */
  fields: readonly SetupField[];
  /** A document to paste in place of fields, as text; null: the product takes none. */
  document: string | null;
  /** What to do there afterwards, and what to bring back, in English. */
  afterwards: string;
  /** Whether a set-up link does all of this by itself. */
  offersRegistration: boolean;
  /** Whether one registration with the vendor serves all schools. */
  hubWide: boolean;
  /** What connecting it takes beside the client ID: what is neither the same everywhere nor follows from the issuer. */
  toBringBack: readonly BringableField[];
}

export interface SetupField {
  name: string;
  value: string;
  /** Nobody can choose another value: it counts only where a form has a field for it. */
  ifAsked: boolean;
}

/** The hub's addresses and what it asks for, before a product gives them names. */
export interface SetupValues {
  name: string;
  domain: string;
  loginUrl: string;
  launchUrl: string;
  jwksUrl: string;
  /** Where a link without a choice leads. */
  targetUrl: string;
  /** One for each tool that is on. */
  toolUrls: readonly string[];
  scopes: readonly string[];
}

interface FamilySetup {
  where: string;
  /** `{site}` is the LMS's own address. */
  link?: string;
  fields(values: SetupValues): readonly [name: string, value: string][];
  /** Names of those that only some forms have: what they say is so without them as well. */
  ifAsked?: readonly string[];
  document?(values: SetupValues): string;
  afterwards: string;
}

const setups: Readonly<Record<FamilyName, FamilySetup>> = {
  canvas: {
    where: 'Admin → Developer Keys → + Developer Key → + LTI Key, Method “Paste JSON”',
    link: '{site}/accounts/self/developer_keys',
    fields: ({ name, launchUrl }) => [
      ['Key Name', name],
      // The JSON has no place for it.
      ['Redirect URIs', launchUrl],
    ],
    document: canvasKey,
    afterwards:
      'Switch the key on, then add the app by its client ID under Settings → Apps. Bring back the client ID (the number under Details) and the deployment ID (the app’s gear → Deployment Id).',
  },
  moodle: {
    where: 'Site administration → Plugins → External tool → Manage tools → “configure a tool manually”',
    link: '{site}/mod/lti/toolconfigure.php',
    fields: (values) => [
      ['Tool name', values.name],
      ['Tool URL', values.targetUrl],
      ['LTI version', 'LTI 1.3'],
      ['Public key type', 'Keyset URL'],
      ['Public keyset', values.jwksUrl],
      ['Initiate login URL', values.loginUrl],
      ['Redirection URI(s)', [values.launchUrl, ...values.toolUrls].join('\n')],
      ['Supports Deep Linking (Content-Item Message)', 'yes'],
      ['Content Selection URL', values.launchUrl],
      // With less Moodle gives lineitem.readonly without lineitem, and no column can be made.
      ['IMS LTI Assignment and Grade Services', 'Use this service for grade sync and column management'],
      [
        'IMS LTI Names and Role Provisioning',
        'Use this service to retrieve members’ information as per privacy settings',
      ],
      ['Share launcher’s name with tool', 'Always'],
      ['Share launcher’s email with tool', 'Always'],
      ['Accept grades from the tool', 'Always'],
    ],
    afterwards:
      'Choose “Show as preconfigured tool” or the activity chooser. Bring back what the list icon of the tool shows: Platform ID, Client ID and Deployment ID; the other addresses are known.',
  },
  blackboard: {
    where: 'Developer portal → My apps → Register a REST or LTI application, once for all schools',
    link: 'https://developer.blackboard.com/portal/applications',
    fields: (values) => [
      ['Application Name', values.name],
      ['Domain(s)', values.domain],
      ['My integration supports LTI 1.3', 'yes'],
      ['Login Initiation URL', values.loginUrl],
      ['Tool Redirect URL(s)', [values.launchUrl, ...values.toolUrls].join(',')],
      ['Tool JWKS URL', values.jwksUrl],
      ['Signing Algorithm', 'RS256'],
      ['Custom Parameters', '(none)'],
      // In the school, once the tool is added there by its client ID.
      ['Placement: Deep Linking content tool, Target Link URI', values.launchUrl],
      ...values.toolUrls.map((url): [string, string] => ['Placement: Course tool, Target Link URI', url]),
    ],
    afterwards:
      'Bring back the application’s client ID. Each school adds the tool under LTI Tool Providers → Register LTI 1.3 Tool by that client ID, sends names, e-mail and role, allows grade and membership service access, and tells its deployment ID.',
  },
  brightspace: {
    where: 'Admin Tools → Manage Extensibility → LTI Advantage → Register Tool → Standard',
    fields: (values) => [
      ['Name', values.name],
      ['Domain', `https://${values.domain}`],
      ['Redirect URLs', [values.launchUrl, ...values.toolUrls].join('\n')],
      ['OpenID Connect Login URL', values.loginUrl],
      ['Target Link URI', values.targetUrl],
      ['Keyset URL', values.jwksUrl],
      ['Extensions', 'Assignment and Grade Services, Deep Linking, Names and Role Provisioning Services'],
      ['Roles', 'Send Institution Role'],
    ],
    afterwards:
      'Enable the registration and make a deployment with the same extensions and with org unit, user and link information. Bring back client ID, issuer, deployment ID and the OAuth2 audience. Brightspace takes a domain once only: for a second registration there, add a domain of the school’s own to the hub.',
  },
  schoology: {
    where: 'App Center → My Developer Apps → Add App, configuration LTI 1.3, once for all schools',
    fields: (values) => [
      ['App Name', values.name],
      ['Configuration', 'LTI 1.3'],
      ['Domain/URL', values.targetUrl],
      ['OIDC Login Init URL', values.loginUrl],
      ['Redirect URL', values.launchUrl],
      ['JWKS URL', values.jwksUrl],
      ['Privacy', 'Send Name and Email/Username of user who launches the tool'],
      ['LTI Advantage features', 'Deep Linking, Names and Role Provisioning, Assignment and Grade'],
    ],
    afterwards:
      'Bring back the app’s client ID. Each school installs the app and tells its deployment ID, which the first launch also shows.',
  },
  sakai: {
    where: 'Administration Workspace → Plus/External Tools → Install LTI 1.x Tool',
    fields: (values) => [
      ['Tool Title', values.name],
      ['Launch URL', values.targetUrl],
      ['LTI version', 'LTI 1.3'],
      ['LTI 1.3 Tool Keyset URL', values.jwksUrl],
      ['LTI 1.3 Tool OpenID Connect/Initialization Endpoint', values.loginUrl],
      ['LTI 1.3 Tool Redirect Endpoint(s)', [values.launchUrl, ...values.toolUrls].join(',')],
      ['Send User Names to External Tool', 'yes'],
      ['Send Email Addresses to External Tool', 'yes'],
      ['Allow External Tool to return grades', 'yes'],
      ['Provide Roster to External Tool', 'yes'],
      ['Allow the tool to be selected from the content picker (Content Item)', 'yes'],
    ],
    afterwards:
      'Bring back issuer, client ID, deployment ID and the token address, which has the tool’s number in it.',
  },
  generic: {
    where: 'Wherever the LMS registers LTI 1.3 tools',
    fields: (values) => [
      ['Name', values.name],
      ['Domain', values.domain],
      ['Login initiation URL', values.loginUrl],
      ['Redirect URIs', [values.launchUrl, ...values.toolUrls].join('\n')],
      ['Target link URI', values.targetUrl],
      ['Deep linking URL', values.launchUrl],
      ['Public keys (JWKS URL)', values.jwksUrl],
      ['Signing algorithm', 'RS256'],
      ['Client authentication', 'private_key_jwt'],
      ['Messages', 'LtiResourceLinkRequest, LtiDeepLinkingRequest'],
      ['Scopes', values.scopes.join(' ')],
      ['Names and roles', membershipScope],
    ],
    // The standard names one algorithm and one way of proving a client (Security Framework 1.0 §4.1.1, §5.4); services
    // and messages are mostly boxes to tick.
    ifAsked: [
      ...['Domain', 'Signing algorithm', 'Client authentication', 'Messages', 'Scopes', 'Names and roles'],
    ],
    afterwards:
      'Bring back the LMS’s issuer, client ID, deployment ID, and its authorization, token and JWKS addresses.',
  },
};

/** What is entered by hand at a product to know the hub as a tool, under the names of the product's own form. */
export function setupOf(family: FamilyName, { tools, site, ...place }: SetupPlace): SetupSheet {
  const { host, loginUrl, launchUrl, jwksUrl, openUrl } = hubAddresses(place);
  const [first, ...others] = tools;
  const values: SetupValues = {
    name: 'Gatehouse',
    domain: host,
    loginUrl,
    launchUrl,
    jwksUrl,
    // Among several tools the choice is made by deep linking.
    targetUrl: first === undefined || others.length > 0 ? launchUrl : openUrl(first),
    toolUrls: tools.map(openUrl),
    scopes: serviceScopes,
  };
  const { where, link, fields, ifAsked = [], document, afterwards } = setups[family];
  return {
    family,
    title: families[family].title,
    where,
    link: fillLink(link, site),
    fields: fields(values).map(([name, value]) => ({ name, value, ifAsked: ifAsked.includes(name) })),
    document: document === undefined ? null : document(values),
    afterwards,
    offersRegistration: profileOf(family).offersRegistration,
    hubWide: families[family].hubWide,
    toBringBack: bringableFields.filter((field) => families[family].known[field] === undefined),
  };
}

function fillLink(link: string | undefined, site: string | undefined): string | null {
  if (link === undefined || (link.includes('{site}') && site === undefined)) return null;
  return link.replace('{site}', (site ?? '').replace(/\/$/, ''));
}
