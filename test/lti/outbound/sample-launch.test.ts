import { expect, test } from 'vitest';
import { sampleLaunchFields } from '../../../src/lti/outbound/sample-launch.ts';
import { fixedFieldNames } from '../../../src/privacy/fields.ts';

test('a launch offers exactly the fields on the closed list, so no rule is for nothing', () => {
  const offered = Object.entries(sampleLaunchFields({})).filter(([, value]) => value !== undefined);
  expect(offered.map(([name]) => name).sort()).toEqual([...fixedFieldNames].sort());
});

test('the custom parameters the rules speak of are in the sample', () => {
  const fields = sampleLaunchFields({ launch: { 'custom.level': 'allow', roles: 'allow' } });
  expect(Object.keys(fields).filter((name) => name.startsWith('custom.'))).toEqual(['custom.level']);
});
