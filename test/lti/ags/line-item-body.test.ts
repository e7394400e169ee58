import { expect, test } from 'vitest';
import { parseChangedLineItem, parseNewLineItem } from '../../../src/lti/ags/line-item-body.ts';

const least = { label: 'Essay', scoreMaximum: 10 };

test('an empty list for the review says nothing, null takes it away', () => {
  expect(parseNewLineItem({ ...least, submissionReview: [] }).submissionReview).toBeUndefined();
  expect(parseChangedLineItem({ submissionReview: [] }).submissionReview).toBeUndefined();
  expect(parseChangedLineItem({ submissionReview: null }).submissionReview).toBeNull();
});
