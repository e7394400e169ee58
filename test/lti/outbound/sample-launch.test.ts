import { expect, test } from 'vitest';
import { sampleResultFields } from '../../../src/lti/ags/released-result.ts';
import { sampleLaunchFields } from '../../../src/lti/outbound/sample-launch.ts';
import { fixedFieldNames } from '../../../src/privacy/fields.ts';

test('a launch and a result offer exactly the fields on the closed list, so no rule is for nothing', () => {
  const fields = { ...sampleLaunchFields({}), ...sampleResultFields() };
  const offered = Object.entries(fields).filter(([, value]) => value !== undefined);
  expect(offered.map(([name]) => name).sort()).toEqual([...fixedFieldNames].sort());
});

test('the custom parameters the rules speak of are in the sample', () => {
  const fields = sampleLaunchFields({ launch: { 'custom.level': 'allow', roles: 'allow' } });
  expect(Object.keys(fields).filter((name) => name.startsWith('custom.'))).toEqual(['custom.level']);
});
