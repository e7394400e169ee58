import { type FieldName, type Fields, isFieldName } from './fields.ts';
import type { PolicyRules } from './policy.ts';

const fixed: Fields = {
  'person.name': 'Ada Example',
  'person.given_name': 'Ada',
  'person.family_name': 'Example',
  'person.email': 'ada@school.example',
  'person.locale': 'en',
  'person.picture': 'https://school.example/ada.png',
  'lis.person_sourcedid': 'pupil-0001',
  'lis.course_offering_sourcedid': 'maths-2025',
  'lis.course_section_sourcedid': 'maths-2025-7b',
  'context.label': 'Maths 7b',
  'context.title': 'Mathematics, class 7b',
  'context.type': ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection'],
  'resource_link.title': 'Fractions quiz',
  'resource_link.description': 'Ten questions about fractions',
  roles: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
  'platform.guid': 'lms.school.example',
  'platform.name': 'School LMS',
  'platform.url': 'https://lms.school.example',
  'presentation.locale': 'en',
};

/** A made-up pupil with every field there is, and every custom parameter the rules speak of: for previews. */
export function samplePerson(rules: PolicyRules): Fields {
  const custom = Object.values(rules)
    .flatMap((ofPurpose) => Object.keys(ofPurpose ?? {}))
    .filter(
      (name): name is FieldName & `custom.${string}` => isFieldName(name) && name.startsWith('custom.'),
    );
  return { ...fixed, ...Object.fromEntries(custom.map((name) => [name, 'example'])) };
}
