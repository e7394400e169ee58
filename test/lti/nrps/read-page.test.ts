import { expect, test } from 'vitest';
import { readPage } from '../../../src/lti/nrps/read-page.ts';
import type { NrpsServices, Reading } from '../../../src/lti/nrps/reading.ts';

const listUrl = 'https://lms.example/members';

/** A reading whose LMS names a next page on every page. */
function endless(position: Partial<Reading['position']>) {
  let page = 0;
  const next = async () => {
    page += 1;
    return { members: [], next: `${listUrl}?page=${page}` };
  };
  const services = { memberships: { readFirst: next, readNext: next } } as unknown as NrpsServices;
  const reading = {
    call: { tenantId: 't' },
    course: { membershipsUrl: listUrl },
    position: { skip: 0, ...position },
    startedAt: new Date(0),
    shown: { rules: {} },
  } as unknown as Reading;
  return readPage(services, reading);
}

test('pages without end come to one', async () => {
  const first = await endless({});
  expect(first.next).toMatchObject({ read: 1 });
  await expect(endless({ url: listUrl, read: 100_000 })).rejects.toMatchObject({
    code: 'lms_answer_invalid',
  });
});
