/** What a field holds: one text, or a list of texts. */
export type FieldKind = 'text' | 'list';

interface FieldFacts {
  kind: FieldKind;
  /** What a reader of a policy sees. */
  title: string;
}

/**
 * Every field that may ever leave the hub. A field that is not here cannot be released: the list is closed, and
 * each protocol maps its claims and properties to these names.
 */
const fixedFields = {
  'person.name': { kind: 'text', title: 'Full name' },
  'person.given_name': { kind: 'text', title: 'Given name' },
  'person.family_name': { kind: 'text', title: 'Family name' },
  'person.email': { kind: 'text', title: 'E-mail address' },
  'person.locale': { kind: 'text', title: 'Language of the person' },
  'person.picture': { kind: 'text', title: 'Picture' },
  'lis.person_sourcedid': { kind: 'text', title: 'Number of the person in the school’s records' },
  'lis.course_offering_sourcedid': { kind: 'text', title: 'Number of the course in the school’s records' },
  'lis.course_section_sourcedid': { kind: 'text', title: 'Number of the class in the school’s records' },
  'context.label': { kind: 'text', title: 'Short name of the course' },
  'context.title': { kind: 'text', title: 'Name of the course' },
  'context.type': { kind: 'list', title: 'Kind of the course' },
  'resource_link.title': { kind: 'text', title: 'Title of the link' },
  'resource_link.description': { kind: 'text', title: 'Description of the link' },
  roles: { kind: 'list', title: 'Roles' },
  'presentation.locale': { kind: 'text', title: 'Language of the page' },
  'lti1p1.user_id': { kind: 'text', title: 'What the person was called in LTI 1.1' },
  'lti1p1.resource_link_id': { kind: 'text', title: 'What the link was called in LTI 1.1' },
  'result.comment': { kind: 'text', title: 'Comment on a result' },
} as const satisfies Record<string, FieldFacts>;

export type FixedField = keyof typeof fixedFields;
/** A custom parameter of the LMS, each ruled by its own name. */
export type CustomField = `custom.${string}`;
export type FieldName = FixedField | CustomField;

type FieldOfKind<Kind extends FieldKind> = {
  [Name in FixedField]: (typeof fixedFields)[Name]['kind'] extends Kind ? Name : never;
}[FixedField];

/** Fields with their values, as given to the filter and as it lets them out. */
export type Fields = Partial<Record<FieldOfKind<'text'> | CustomField, string>> &
  Partial<Record<FieldOfKind<'list'>, readonly string[]>>;

export const fixedFieldNames = Object.keys(fixedFields) as readonly FixedField[];

/** Names that mean something else as a property of an object. */
const unsafeNames = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether a name is on the closed list, or is a custom parameter with a plain name. */
export function isFieldName(name: string): name is FieldName {
  if (Object.hasOwn(fixedFields, name)) return true;
  const custom = /^custom\.([A-Za-z0-9_.:$-]{1,200})$/.exec(name)?.[1];
  return custom !== undefined && !unsafeNames.has(custom);
}

/** What a field of the list holds. */
export function fieldKind(name: FieldName): FieldKind {
  return Object.hasOwn(fixedFields, name) ? fixedFields[name as FixedField].kind : 'text';
}

/** Every field of the list with what a reader of a policy sees of it. */
export function listFields(): { field: FixedField; title: string; kind: FieldKind }[] {
  return fixedFieldNames.map((field) => ({ field, ...fixedFields[field] }));
}
