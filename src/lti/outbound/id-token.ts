import type { JWTPayload } from 'jose';
import { defined } from '../../platform/defined.ts';
import type { Fields } from '../../privacy/fields.ts';
import { readRules } from '../../privacy/policy.ts';
import { type ReleaseKeySource, release } from '../../privacy/release.ts';
import { claim } from '../claims.ts';
import { keptBack, ownWords } from '../deep-linking/person-variables.ts';
import { type ContentRequest, settingsClaim } from '../deep-linking/request.ts';
import { groupsClaim } from '../groups/claim.ts';
import { legacyClaim } from '../legacy/claim.ts';
import { noticeClaim } from '../notices/claim.ts';
import { membershipClaim } from '../nrps/claim.ts';
import { fullRole } from '../roles.ts';
import type { LaunchSnapshot } from '../snapshot.ts';
import { agsClaim } from './ags-claim.ts';
import type { AuthorizeRequest } from './authorize-request.ts';
import { forUserClaim } from './for-user-claim.ts';
import type { OpenedLaunch } from './hint-store.ts';

/** How long a tool may take to read its token, in seconds. */
const tokenLifetime = 300;

/** What the hub adds to what the LMS said. */
export interface HubFacts {
  issuer: string;
  tenantId: string;
  /** The hub's address that leads back to the LMS. */
  returnUrl: string | undefined;
  /** What content the tool is asked for, where that is the message. */
  contentRequest?: ContentRequest | undefined;
  /** The tool's own name of whom the message is about, where it is about somebody. */
  forUserSub?: string | undefined;
  /** The key of LTI 1.1 that the tool knew the school by. */
  legacyKey?: { consumerKey: string; secret: string } | undefined;
  releaseKey: ReleaseKeySource;
  /** Unix milliseconds. */
  now: number;
}

/**
 * The claims of the hub's own id_token (LTI Core §5.3, §5.4). Every field of the LMS passes the release policy; what is
 * added to them are the hub's own ids and names.
 */
export function buildIdToken(hub: HubFacts, opened: OpenedLaunch, request: AuthorizeRequest): JWTPayload {
  const { snapshot } = opened;
  const { contentRequest } = hub;
  const rules = readRules(opened.rules);
  const fields = release(rules, 'launch', fieldsOf(snapshot), hub.releaseKey);
  const seconds = Math.floor(hub.now / 1000);
  return defined<Record<string, unknown>>({
    iss: hub.issuer,
    aud: request.clientId,
    sub: opened.sub,
    iat: seconds,
    exp: seconds + tokenLifetime,
    nonce: request.nonce,
    ...personClaims(fields),
    [claim.messageType]: contentRequest
      ? 'LtiDeepLinkingRequest'
      : (snapshot.message ?? 'LtiResourceLinkRequest'),
    [claim.version]: '1.3.0',
    [claim.deploymentId]: opened.deploymentId,
    [claim.targetLinkUri]: snapshot.target,
    ...(contentRequest
      ? { [claim.deepLinkingSettings]: settingsClaim(hub.issuer, contentRequest, fields) }
      : linkClaims(hub, opened, fields)),
    [claim.forUser]:
      snapshot.forUser &&
      hub.forUserSub &&
      forUserClaim(snapshot.forUser, hub.forUserSub, opened.rules, hub.releaseKey),
    // LTI Core §5.3.7: required, though it may be empty.
    [claim.roles]: (fields.roles ?? []).map(fullRole),
    [claim.context]: contextClaim(opened, fields),
    // The school; which LMS stands behind it is the LMS's own data.
    [claim.toolPlatform]: defined({
      guid: hub.tenantId,
      name: snapshot.tenant.name,
      product_family_code: 'gatehouse',
    }),
    [claim.launchPresentation]: defined({
      locale: fields['presentation.locale'],
      return_url: hub.returnUrl,
    }),
    [claim.lis]: nonEmpty({
      person_sourcedid: fields['lis.person_sourcedid'],
      course_offering_sourcedid: fields['lis.course_offering_sourcedid'],
      course_section_sourcedid: fields['lis.course_section_sourcedid'],
    }),
    [claim.lti1p1]: legacyClaim(fields, hub.legacyKey, {
      deploymentId: opened.deploymentId,
      issuer: hub.issuer,
      clientId: request.clientId ?? '',
      exp: seconds + tokenLifetime,
      nonce: request.nonce ?? '',
    }),
    // What the tool has said of its own link; then what the LMS says; then what the school's settings say.
    [claim.custom]: nonEmpty({
      ...ownWords(snapshot.itemCustom ?? {}),
      ...customClaim(fields, keptBack(rules, snapshot.itemCustom)),
      ...opened.custom,
    }),
  });
}

/** The link, and the services for those who have one in the course. */
function linkClaims(hub: HubFacts, opened: OpenedLaunch, fields: Fields): Record<string, unknown> {
  return {
    // A submission may be of a column that belongs to no link, and a data privacy launch opens none.
    [claim.resourceLink]:
      opened.resourceLinkId === null
        ? undefined
        : defined({
            id: opened.resourceLinkId,
            title: fields['resource_link.title'],
            description: fields['resource_link.description'],
          }),
    [claim.agsEndpoint]: agsClaim(hub.issuer, opened),
    [claim.membershipService]: membershipClaim(hub.issuer, opened),
    [claim.groupsService]: groupsClaim(hub.issuer, opened),
    [claim.noticeService]: noticeClaim(hub.issuer, opened),
  };
}

/** What the LMS said, by the names of the release policy. */
export function fieldsOf(snapshot: LaunchSnapshot): Record<string, unknown> {
  const { person, context, resourceLink, lis, presentation, deepLinking } = snapshot;
  return {
    'person.name': person.name,
    'person.given_name': person.givenName,
    'person.family_name': person.familyName,
    'person.email': person.email,
    'person.locale': person.locale,
    'person.picture': person.picture,
    'lis.person_sourcedid': lis.personSourcedId,
    'lis.course_offering_sourcedid': lis.courseOfferingSourcedId,
    'lis.course_section_sourcedid': lis.courseSectionSourcedId,
    'context.label': context?.label,
    'context.title': context?.title,
    'context.type': context?.type,
    'resource_link.title': resourceLink.title ?? deepLinking?.title,
    'resource_link.description': resourceLink.description ?? deepLinking?.text,
    'presentation.locale': presentation.locale,
    'lti1p1.user_id': snapshot.legacy?.userId,
    'lti1p1.resource_link_id': snapshot.legacy?.resourceLinkId,
    roles: snapshot.roles,
    ...Object.fromEntries(Object.entries(snapshot.custom).map(([name, value]) => [`custom.${name}`, value])),
  };
}

/** LTI Core §5.4.6: each custom parameter of the LMS has a rule of its own. */
function customClaim(fields: Fields, without: ReadonlySet<string>): Record<string, unknown> {
  const custom = Object.entries(fields)
    .filter(([name]) => name.startsWith('custom.'))
    .map(([name, value]) => [name.slice('custom.'.length), value] as const);
  return Object.fromEntries(custom.filter(([name]) => !without.has(name)));
}

/** OpenID Connect Core §5.1. */
function personClaims(fields: Fields) {
  return {
    name: fields['person.name'],
    given_name: fields['person.given_name'],
    family_name: fields['person.family_name'],
    email: fields['person.email'],
    locale: fields['person.locale'],
    picture: fields['person.picture'],
  };
}

function contextClaim(opened: OpenedLaunch, fields: Fields) {
  if (opened.contextId === null) return undefined;
  return defined({
    id: opened.contextId,
    label: fields['context.label'],
    title: fields['context.title'],
    // LTI Core §5.4.1: where it is there, it names one kind at least.
    type: fields['context.type']?.length === 0 ? undefined : fields['context.type'],
  });
}

function nonEmpty(value: Record<string, unknown>): Record<string, unknown> | undefined {
  const kept = defined(value);
  return Object.keys(kept).length > 0 ? kept : undefined;
}
