import type { endpoints } from '../../../contracts/http/endpoints.ts';
import {
  addSpan,
  getCalendar,
  importCalendar,
  removeSpan,
  setCalendarZone,
} from '../../health/calendars/calendars.ts';
import { icalLimits } from '../../health/calendars/ical.ts';
import type { Database } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import type { Handlers } from '../router.ts';

type CalendarEndpoint = 'showCalendar' | 'setCalendarZone' | 'addSpan' | 'removeSpan' | 'importCalendar';

/** What is done for the endpoints about schools' calendars. */
export function calendarHandlers(db: Database): Pick<Handlers<typeof endpoints>, CalendarEndpoint> {
  return {
    showCalendar: async ({ tenant }) => ({ calendar: await db.withTenant(tenant.tenantId, getCalendar) }),
    setCalendarZone: async ({ tenant, body, by }) => ({
      calendar: await setCalendarZone(db, tenant.tenantId, body.zone, by),
    }),
    addSpan: async ({ tenant, body, by }) => ({ span: await addSpan(db, tenant.tenantId, body.span, by) }),
    removeSpan: async ({ tenant, params, by }) => ({
      span: await removeSpan(db, tenant.tenantId, params.spanId, by),
    }),
    importCalendar: async ({ tenant, query, body, by }) => {
      const file = { text: await readText(body), zone: query.zone, dry: query.dry === 'true', rules: [] };
      return importCalendar(db, tenant.tenantId, file, by);
    },
  };
}

/** @throws DomainError input `calendar_too_large` */
async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    // As many characters as are read at all, each of four bytes at most.
    if (bytes > icalLimits.characters * 4) {
      throw new DomainError('input', 'calendar_too_large', 'The calendar is too large: at most 2 MB.');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
