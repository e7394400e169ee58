import type { PolicyRules, PurposeRules } from './policy.ts';

export const templateNames = ['anonymous', 'names', 'names_and_email'] as const;
export type TemplateName = (typeof templateNames)[number];

/** What a tool needs to show the right page and nobody in particular. */
const setting: PurposeRules = {
  roles: 'allow',
  'context.label': 'allow',
  'context.title': 'allow',
  'context.type': 'allow',
};

const launchSetting: PurposeRules = {
  ...setting,
  'resource_link.title': 'allow',
  'resource_link.description': 'allow',
  'presentation.locale': 'allow',
};

const names: PurposeRules = {
  'person.name': 'allow',
  'person.given_name': 'allow',
  'person.family_name': 'allow',
};

const email: PurposeRules = { 'person.email': 'allow' };

/**
 * Grades and webhooks release no field: they carry ids only, and a tool reads the rest through the API under
 * that purpose's rules. LIS numbers and custom parameters are in no template: a Moodle with privacy on still
 * sends the former, and nobody but the school knows what the latter hold.
 */
function forPerson(person: PurposeRules): PolicyRules {
  return {
    launch: { ...launchSetting, ...person },
    roster: { ...setting, ...person },
    grades: {},
    webhook: {},
    api: { ...setting, ...person },
  };
}

/** Policies to begin with. */
export const templates: Readonly<Record<TemplateName, PolicyRules>> = {
  anonymous: forPerson({}),
  names: forPerson(names),
  names_and_email: forPerson({ ...names, ...email }),
};
