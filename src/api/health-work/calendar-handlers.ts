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
import type { Handlers } from '../router.ts';
import { readText } from './read-text.ts';

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
      const file = {
        text: await readText(body, icalLimits.characters * 4, 'calendar_too_large'),
        zone: query.zone,
        dry: query.dry === 'true',
        rules: [],
      };
      return importCalendar(db, tenant.tenantId, file, by);
    },
  };
}
