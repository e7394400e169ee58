import { expect, test } from 'vitest';
import { addQuery, addSegment } from '../../../src/lti/lms/addresses.ts';

test.each([
  ['https://lms.example/items/1', 'https://lms.example/items/1/scores'],
  ['https://lms.example/items/1/', 'https://lms.example/items/1/scores'],
  // Moodle
  [
    'https://moodle.example/mod/lti/services.php/2/lineitems/10/lineitem?type_id=7',
    'https://moodle.example/mod/lti/services.php/2/lineitems/10/lineitem/scores?type_id=7',
  ],
  // Open edX
  [
    'https://edx.example/api/course-v1:Org+Course+Run/lineitems/4?a=b+c',
    'https://edx.example/api/course-v1:Org+Course+Run/lineitems/4/scores?a=b+c',
  ],
  ['https://lms.example/items/1?next=/a/b', 'https://lms.example/items/1/scores?next=/a/b'],
])('the scores of %s are at %s', (lineItem, scores) => {
  expect(addSegment(lineItem, 'scores')).toBe(scores);
});

test('results are found like scores', () => {
  expect(addSegment('https://lms.example/i?type_id=1', 'results')).toBe(
    'https://lms.example/i/results?type_id=1',
  );
});

test.each([
  ['https://lms.example/items', 'https://lms.example/items?tag=a%20b%26c'],
  ['https://lms.example/items?type_id=7', 'https://lms.example/items?type_id=7&tag=a%20b%26c'],
  ['https://lms.example/items?', 'https://lms.example/items?tag=a%20b%26c'],
  ['https://edx.example/a+b?c=d+e', 'https://edx.example/a+b?c=d+e&tag=a%20b%26c'],
])('a filter is added to %s, whose own spelling stays', (address, filtered) => {
  expect(addQuery(address, { tag: 'a b&c', resource_id: undefined })).toBe(filtered);
  expect(addQuery(address, { resource_id: undefined })).toBe(address);
});
