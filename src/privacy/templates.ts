import type { TemplateName } from '../../contracts/privacy.ts';
import type { PolicyRules, PurposeRules } from './policy.ts';

export { type TemplateName, templateNames } from '../../contracts/privacy.ts';

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

/** A comment is free text, and often addresses the person by name. */
const comments: PurposeRules = { 'result.comment': 'allow' };

/**
 * Webhooks release no field, and grades none but the comment on a result: they carry ids only, and a tool reads the rest
 * through the API under that purpose's rules. LIS numbers and custom parameters are in no template: a Moodle with privacy on still
 * sends the former, and nobody but the school knows what the latter hold.
 */
function forPerson(person: PurposeRules, result: PurposeRules): PolicyRules {
  return {
    launch: { ...launchSetting, ...person },
    roster: { ...setting, ...person },
    grades: result,
    webhook: {},
    api: { ...setting, ...person },
  };
}

/** Policies to begin with. */
export const templates: Readonly<Record<TemplateName, PolicyRules>> = {
  anonymous: forPerson({}, {}),
  names: forPerson(names, comments),
  names_and_email: forPerson({ ...names, ...email }, comments),
};
