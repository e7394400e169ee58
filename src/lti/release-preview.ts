import type { Purpose } from '../../contracts/privacy.ts';
import type { PolicyRules } from '../privacy/policy.ts';
import { type PreviewedField, previewRelease } from '../privacy/release.ts';
import { sampleResultFields } from './ags/released-result.ts';
import { sampleMemberFields } from './nrps/released-member.ts';
import { sampleLaunchFields } from './outbound/sample-launch.ts';

/** What a tool would see for a purpose. */
export interface ReleasePreview {
  fields: PreviewedField[];
  /** Set by the school for the tool itself: they hold nothing of a person and take the place of the LMS's. */
  alwaysSent: Readonly<Record<string, string>>;
}

/**
 * What a tool would see of a made-up pupil. Since the pupil is made up, any key shows as much as the real one: what a hash
 * looks like.
 *
 * @param custom the school's parameters for the tool
 */
export function previewPurpose(
  rules: PolicyRules,
  purpose: Purpose,
  custom: Readonly<Record<string, string>>,
): ReleasePreview {
  const alwaysSent = purpose === 'launch' ? custom : {};
  const sentAs = Object.keys(alwaysSent).map((name) => `custom.${name}`);
  const offered = previewRelease(rules, purpose, sampleOf(rules, purpose), () => Buffer.alloc(32));
  return { fields: offered.filter(({ field }) => !sentAs.includes(field)), alwaysSent };
}

function sampleOf(rules: PolicyRules, purpose: Purpose) {
  switch (purpose) {
    case 'grades':
      return sampleResultFields();
    case 'roster':
      return sampleMemberFields();
    default:
      return sampleLaunchFields(rules);
  }
}
