import { claim, filledIn, idText, isStorable, type Payload, record, text, texts } from '../claims.ts';
import { longestEmail } from '../snapshot.ts';

/** NRPS 2.0 §2.2. */
export const memberStates = ['Active', 'Inactive', 'Deleted'] as const;
export type MemberState = (typeof memberStates)[number];

/** A member of a course as an LMS shows it (NRPS 2.0 §2.2), without what the specification does not know. */
export interface LmsMember {
  /** The LMS's name of the person, as in launches. */
  subject: string;
  state: MemberState;
  /** As the LMS writes them; some write short names. */
  roles: string[];
  name: string | undefined;
  givenName: string | undefined;
  familyName: string | undefined;
  email: string | undefined;
  picture: string | undefined;
  personSourcedId: string | undefined;
  /** Custom parameters of the link for this person, where the link was asked for (NRPS 2.0 §3.2). */
  custom: Record<string, string>;
  /** The LMS's names of the groups they are in, where it was asked for them (LTI Course Groups Service 1.0). */
  groups?: string[];
}

const mostRoles = 100;
const mostCustom = 200;
const mostGroups = 500;

/** Reads a member; undefined for one who cannot be told apart from others. */
export function readMember(entry: unknown): LmsMember | undefined {
  const given = record(entry);
  const subject = idText(given.user_id);
  if (subject === undefined) return undefined;
  const groups = readGroups(given.group_enrollments);
  return {
    ...(groups && { groups }),
    subject,
    state: readState(given.status),
    roles: texts(given.roles).slice(0, mostRoles),
    name: text(given.name),
    givenName: text(given.given_name),
    familyName: text(given.family_name),
    email: text(given.email, longestEmail),
    picture: text(given.picture),
    personSourcedId: filledIn(given.lis_person_sourcedid, 255),
    custom: readCustom(given.message),
  };
}

/** NRPS 2.0 §2.2: without a status a member is active; some write it in another case. */
function readState(status: unknown): MemberState {
  const word = typeof status === 'string' ? status.toLowerCase() : 'active';
  return memberStates.find((state) => state.toLowerCase() === word) ?? 'Inactive';
}

function readGroups(enrollments: unknown): string[] | undefined {
  if (!Array.isArray(enrollments)) return undefined;
  const ids = enrollments.slice(0, mostGroups).map((each) => {
    return idText(record(each).group_id);
  });
  return [...new Set(ids.filter((id) => id !== undefined))];
}

/** NRPS 2.0 §3.2: a list of messages; Blackboard sends the one message by itself. */
function readCustom(message: unknown): Record<string, string> {
  const messages: Payload[] = (Array.isArray(message) ? message : [message]).map(record);
  const entries = messages.flatMap((each) => Object.entries(record(each[claim.custom])));
  const custom: Record<string, string> = {};
  for (const [name, value] of entries.slice(0, mostCustom)) {
    if (!['string', 'number', 'boolean'].includes(typeof value) || name === '__proto__') continue;
    const words = String(value);
    if (isStorable(name) && isStorable(words) && words.length <= 4_000) custom[name] = words;
  }
  return custom;
}
