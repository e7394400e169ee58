import { expect, test } from 'vitest';
import {
  addSpan,
  findCalendar,
  getCalendar,
  importCalendar,
  removeSpan,
  setCalendarZone,
} from '../../../src/health/calendars/calendars.ts';
import { listTerms } from '../../../src/health/calendars/terms.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../support/database.ts';

const { database, superuser } = await createTestDatabase();
const by = { actor: 'operator:test', now: Date.UTC(2026, 10, 21), reason: 'Test' };
let count = 0;
const school = async () =>
  (await createTenant(database, { slug: `school-${++count}`, name: 'School' }, by)).tenantId;
const autumn = { kind: 'term', name: 'Autumn', from: '2026-09-01', to: '2026-12-18' } as const;
const file = (...events: string[]) =>
  [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//x//EN'],
    ...events.flatMap((event) => ['BEGIN:VEVENT', ...event.split('|'), 'END:VEVENT']),
    ...['END:VCALENDAR', ''],
  ].join('\r\n');
const term = 'UID:1|SUMMARY:Spring Semester|DTSTART;VALUE=DATE:20270111|DTEND;VALUE=DATE:20270605';
const given = (text: string, more: object = {}) => ({ text, rules: [], dry: false, ...more });

async function actions(tenantId: string) {
  const { rows } = await superuser.query(
    'select action, actor from audit_event where tenant_id = $1 order by sequence',
    [tenantId],
  );
  return rows.map(({ action }) => action);
}

test('a calendar begins with its zone, keeps spans in order, and every change is audited', async () => {
  const tenantId = await school();
  await expect(addSpan(database, tenantId, autumn, by)).rejects.toMatchObject({ code: 'calendar_missing' });
  await expect(setCalendarZone(database, tenantId, 'Mars/Base', by)).rejects.toMatchObject({
    code: 'zone_unknown',
  });
  await setCalendarZone(database, tenantId, 'Europe/Berlin', by);
  const added = await addSpan(database, tenantId, autumn, by);
  const exams = { kind: 'exams', name: 'Exams', from: '2026-08-20', to: '2026-08-21' } as const;
  await addSpan(database, tenantId, exams, by);
  const calendar = await database.withTenant(tenantId, getCalendar);
  expect(calendar).toMatchObject({
    zone: 'Europe/Berlin',
    spans: [{ name: 'Exams' }, { ...autumn, source: 'manual' }],
  });
  await removeSpan(database, tenantId, added.spanId, by);
  await expect(removeSpan(database, tenantId, added.spanId, by)).rejects.toMatchObject({
    code: 'span_unknown',
  });
  expect(await actions(tenantId)).toEqual([
    ...[
      'tenant.created',
      'calendar.zone_set',
      'calendar.span_added',
      'calendar.span_added',
      'calendar.span_removed',
    ],
  ]);
});

test('a span ends on its first day or later, and lasts no longer than a year', async () => {
  const tenantId = await school();
  await setCalendarZone(database, tenantId, 'UTC', by);
  for (const to of ['2026-08-31', '2028-01-01', 'soon']) {
    await expect(addSpan(database, tenantId, { ...autumn, to }, by)).rejects.toMatchObject({
      code: 'span_invalid',
    });
  }
});

test('an import replaces the one before and nothing that was added by hand; a dry one changes nothing', async () => {
  const tenantId = await school();
  await expect(importCalendar(database, tenantId, given(file(term)), by)).rejects.toMatchObject({
    code: 'calendar_missing',
  });
  const dry = await importCalendar(database, tenantId, given(file(term), { zone: 'UTC', dry: true }), by);
  expect(dry.spans).toHaveLength(1);
  expect(await database.withTenant(tenantId, findCalendar)).toBeUndefined();
  await importCalendar(database, tenantId, given(file(term), { zone: 'America/Chicago' }), by);
  await addSpan(database, tenantId, autumn, by);
  const exams = 'UID:2|SUMMARY:Final exams|DTSTART;VALUE=DATE:20270528|DTEND;VALUE=DATE:20270605';
  const again = await importCalendar(
    database,
    tenantId,
    given(file(term, exams, 'UID:3|SUMMARY:Play|DTSTART:20270101T100000Z')),
    by,
  );
  expect(again).toMatchObject({ replaced: 1, passedOver: 1, zone: 'America/Chicago' });
  const { spans } = await database.withTenant(tenantId, getCalendar);
  expect(spans.map(({ name, source }) => [name, source])).toEqual([
    ['Autumn', 'manual'],
    ['Spring Semester', 'import'],
    ['Final exams', 'import'],
  ]);
  await expect(importCalendar(database, tenantId, given(file()), by)).rejects.toMatchObject({
    code: 'calendar_empty',
  });
  expect((await database.withTenant(tenantId, getCalendar)).spans).toHaveLength(3);
});

test('a school sees and removes no span of another', async () => {
  const [ours, theirs] = [await school(), await school()];
  await setCalendarZone(database, theirs, 'UTC', by);
  const span = await addSpan(database, theirs, autumn, by);
  expect(await database.withTenant(ours, findCalendar)).toBeUndefined();
  await expect(removeSpan(database, ours, span.spanId, by)).rejects.toMatchObject({ code: 'span_unknown' });
  expect((await database.withTenant(theirs, getCalendar)).spans).toHaveLength(1);
});

test('terms are told in moments, by the school’s clocks, and breaks are none', async () => {
  const tenantId = await school();
  const terms = () => listTerms(database.tenant(tenantId));
  expect(await terms()).toEqual([]);
  await setCalendarZone(database, tenantId, 'America/New_York', by);
  await addSpan(database, tenantId, autumn, by);
  await addSpan(
    database,
    tenantId,
    { kind: 'break', name: 'Thanksgiving', from: '2026-11-26', to: '2026-11-27' },
    by,
  );
  // Summer time ends within it: it begins at UTC-4 and ends at UTC-5.
  const [startsAt, endsAt] = [new Date('2026-09-01T04:00:00Z'), new Date('2026-12-19T05:00:00Z')];
  expect(await terms()).toEqual([{ name: 'Autumn', startsAt, endsAt }]);
});
