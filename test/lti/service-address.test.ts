import { expect, test } from 'vitest';
import { isServiceCall } from '../../src/lti/service-address.ts';

test.each([
  '/platform/token',
  '/t/north/ags/1/lineitems',
  '/t/north/notices/handlers',
  '/t/north/lti/notices/1',
])('%s is called by servers, whose limit is another than that of people', (url) =>
  expect(isServiceCall(url)).toBe(true),
);

test.each(['/t/north/lti/launch', '/t/north/lti/register/x', '/lti/login?x=/t/north/ags/', '/t/a/b/ags/x'])(
  '%s is opened by browsers',
  (url) => expect(isServiceCall(url)).toBe(false),
);
