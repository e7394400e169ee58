import { isFieldName } from '../../privacy/fields.ts';
import type { PolicyRules } from '../../privacy/policy.ts';
import { claim, type Payload } from '../claims.ts';
import { takeSnapshot } from '../snapshot.ts';
import { fieldsOf } from './id-token.ts';

/** What an LMS says of a made-up pupil, with every claim the hub reads (LTI Core §5.3, §5.4). */
const payload: Payload = {
  name: 'Ada Example',
  given_name: 'Ada',
  family_name: 'Example',
  email: 'ada@school.example',
  locale: 'en',
  picture: 'https://school.example/ada.png',
  [claim.roles]: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
  [claim.context]: {
    label: 'Maths 7b',
    title: 'Mathematics, class 7b',
    type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection'],
  },
  [claim.resourceLink]: { title: 'Fractions quiz', description: 'Ten questions about fractions' },
  [claim.lis]: {
    person_sourcedid: 'pupil-0001',
    course_offering_sourcedid: 'maths-2025',
    course_section_sourcedid: 'maths-2025-7b',
  },
  [claim.launchPresentation]: { locale: 'en' },
  [claim.lti1p1]: { user_id: 'pupil-of-old', resource_link_id: 'quiz-of-old' },
};

/**
 * The fields that the launch of a made-up pupil offers to the release policy, taken the way every launch takes them,
 * with each custom parameter of the LMS that the rules speak of: for previews.
 */
export function sampleLaunchFields(rules: PolicyRules): Record<string, unknown> {
  const names = Object.values(rules).flatMap((ofPurpose) => Object.keys(ofPurpose ?? {}));
  const custom = names.filter((name) => isFieldName(name) && name.startsWith('custom.'));
  const snapshot = takeSnapshot(
    {
      ...payload,
      [claim.custom]: Object.fromEntries(custom.map((name) => [name.slice('custom.'.length), 'example'])),
    },
    { slug: 'school', name: 'School' },
    'https://tool.example/',
  );
  return fieldsOf(snapshot);
}
