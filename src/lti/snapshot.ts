import { z } from 'zod';
import { isNothing } from '../platform/absent.ts';
import { claim, filledIn, isStorable, type Payload, record, text, textOfNumber, texts } from './claims.ts';
import { deepLinkingSettings } from './deep-linking/settings.ts';

const optional = z.string().optional();

/** RFC 5321 §4.5.3.1: 64 for the name, 255 for the domain. A longer one would not fit the index that finds people by it. */
export const longestEmail = 320;

/** What the LMS opens of its gradebook, at its own addresses (AGS 2.0 §3.1). */
const agsEndpoint = z.object({
  scopes: z.array(z.string()),
  lineItemsUrl: optional,
  /** Only where the link has exactly one line item. */
  lineItemUrl: optional,
});

export type AgsEndpoint = z.infer<typeof agsEndpoint>;

/** Whom a message is about, as the LMS names them. */
const forUser = z.object({
  subject: z.string(),
  name: optional,
  givenName: optional,
  familyName: optional,
  email: optional,
  personSourcedId: optional,
  roles: z.array(z.string()),
});

export type ForUser = z.infer<typeof forUser>;

/** Messages beside the opening of a link and the request for content, under the names they go on by. */
export const otherMessages = [
  'LtiSubmissionReviewRequest',
  'DataPrivacyLaunchRequest',
  'LtiDataPrivacyLaunchRequest',
] as const;

/** Whether a message is a data privacy launch: it is about somebody's data at a tool, and opens no link. */
export function isDataPrivacyLaunch(messageType: string | undefined): boolean {
  return messageType === 'DataPrivacyLaunchRequest' || messageType === 'LtiDataPrivacyLaunchRequest';
}

/**
 * What the LMS said about one launch, kept between the two legs and no longer. Nothing of it reaches a tool
 * but through the release policy.
 */
export const launchSnapshot = z.object({
  tenant: z.object({ slug: z.string(), name: z.string() }),
  /** Where in the tool the person goes. */
  target: z.string(),
  roles: z.array(z.string()),
  person: z.object({
    name: optional,
    givenName: optional,
    familyName: optional,
    email: optional,
    locale: optional,
    picture: optional,
  }),
  context: z.object({ label: optional, title: optional, type: z.array(z.string()) }).optional(),
  resourceLink: z.object({ title: optional, description: optional }),
  lis: z.object({
    personSourcedId: optional,
    courseOfferingSourcedId: optional,
    courseSectionSourcedId: optional,
  }),
  presentation: z.object({ locale: optional, returnUrl: optional }),
  custom: z.record(z.string(), z.string()),
  /** Custom parameters that the tool has set for the link itself, when it handed the link over. */
  itemCustom: z.record(z.string(), z.string()).optional(),
  ags: agsEndpoint.optional(),
  /** Where the LMS lists the members of the course (NRPS 2.0 §3.6.1.1). */
  membershipsUrl: optional,
  /** Where it lists the groups of the course (LTI Course Groups Service 1.0). */
  groups: z.object({ groupsUrl: z.string(), setsUrl: optional }).optional(),
  /** Where it takes addresses for notices, and which it has (Platform Notification Service 1.0). */
  notices: z.object({ serviceUrl: z.string(), types: z.array(z.string()) }).optional(),
  /** What content the LMS asks for; absent in a launch that opens a link. */
  deepLinking: deepLinkingSettings.optional(),
  /** The kind of the message where it is neither of those two. */
  message: z.enum(otherMessages).optional(),
  forUser: forUser.optional(),
  /** What person and link were called in LTI 1.1 (LTI 1.3 migration guide §2.3). */
  legacy: z.object({ userId: optional, resourceLinkId: optional }).optional(),
});

export type LaunchSnapshot = z.infer<typeof launchSnapshot>;

/** Roles and custom parameters of one launch at most, and characters of one parameter: they are kept with every launch. */
const mostRoles = 100;
const mostCustom = 200;
const longestCustom = 4_000;

/** Takes from a verified payload what a launch is made of; anything malformed and optional is left out. */
export function takeSnapshot(
  payload: Payload,
  tenant: { slug: string; name: string },
  target: string,
): LaunchSnapshot {
  const context = isNothing(payload[claim.context]) ? undefined : record(payload[claim.context]);
  const resourceLink = record(payload[claim.resourceLink]);
  const lis = record(payload[claim.lis]);
  const presentation = record(payload[claim.launchPresentation]);
  return {
    tenant: { slug: tenant.slug, name: tenant.name },
    target,
    roles: texts(payload[claim.roles]).slice(0, mostRoles),
    person: {
      name: text(payload.name),
      givenName: text(payload.given_name),
      familyName: text(payload.family_name),
      email: text(payload.email, longestEmail),
      locale: text(payload.locale),
      picture: text(payload.picture),
    },
    context: context && { label: text(context.label), title: text(context.title), type: texts(context.type) },
    resourceLink: { title: text(resourceLink.title), description: text(resourceLink.description) },
    lis: {
      personSourcedId: filledIn(lis.person_sourcedid),
      courseOfferingSourcedId: filledIn(lis.course_offering_sourcedid),
      courseSectionSourcedId: filledIn(lis.course_section_sourcedid),
    },
    presentation: {
      locale: text(presentation.locale),
      returnUrl: webUrl(presentation.return_url),
    },
    custom: takeCustom(payload[claim.custom]),
    ...takeLegacy(payload),
  };
}

/** Whether roles or custom parameters say more than a snapshot has taken; what is null or empty says nothing. */
export function findLeftOut(
  payload: Payload,
  { roles, custom }: Pick<LaunchSnapshot, 'roles' | 'custom'>,
): ('roles_left_out' | 'custom_left_out')[] {
  const given = payload[claim.roles];
  const saidRoles = Array.isArray(given) ? given.filter((role) => !isNothing(role)) : [];
  const saidCustom = Object.entries(record(payload[claim.custom])).filter(([, value]) => !isNothing(value));
  const isKept = ([name]: [string, unknown]) => Object.hasOwn(custom, name);
  return [
    ...(saidRoles.length > roles.length ? (['roles_left_out'] as const) : []),
    ...(saidCustom.every(isKept) ? [] : (['custom_left_out'] as const)),
  ];
}

function takeLegacy(payload: Payload): Pick<LaunchSnapshot, 'legacy'> {
  const given = record(payload[claim.lti1p1]);
  const legacy = {
    userId: textOfNumber(given.user_id),
    resourceLinkId: textOfNumber(given.resource_link_id),
  };
  return legacy.userId === undefined && legacy.resourceLinkId === undefined ? {} : { legacy };
}

function webUrl(value: unknown): string | undefined {
  const url = text(value);
  return url !== undefined && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : undefined;
}

/** LTI Core §5.4.6: a flat map of strings. Numbers and booleans, which some LMSs send, become strings. */
function takeCustom(value: unknown): Record<string, string> {
  const custom: Record<string, string> = {};
  for (const [name, entry] of Object.entries(record(value)).slice(0, mostCustom)) {
    const value = ['string', 'number', 'boolean'].includes(typeof entry) ? String(entry) : undefined;
    if (
      value !== undefined &&
      value.length <= longestCustom &&
      isStorable(value) &&
      isStorable(name) &&
      name !== '__proto__'
    ) {
      custom[name] = value;
    }
  }
  return custom;
}
