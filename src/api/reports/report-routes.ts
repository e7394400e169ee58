import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { reportLanguages } from '../../../contracts/reports.ts';
import { documentHeaders } from '../../health/reports/document.ts';
import { lastMonth } from '../../health/reports/month.ts';
import { type Report, type ReportScope, readReport, zoneOf } from '../../health/reports/read-report.ts';
import { renderReport } from '../../health/reports/report-page.ts';
import { wordsOf } from '../../health/reports/texts.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { chooseLanguage } from '../../platform/i18n.ts';
import { parseInput } from '../../platform/input.ts';
import { getReachedTenant, readCaller, requireAllowed, requireWholeHub } from '../authenticate.ts';
import { writeReportCsv } from './report-csv.ts';

const query = z.strictObject({
  month: z.string().optional(),
  partner: z.string().min(1).max(100).optional(),
  lang: z.enum(reportLanguages).optional(),
});

/** The language that is asked for, or else the browser's, of those that reports are written in. */
export function languageOf(request: Request, asked: (typeof reportLanguages)[number] | undefined) {
  const chosen = chooseLanguage({ acceptLanguage: request.get('Accept-Language') });
  return asked ?? (chosen === 'es' ? 'es' : 'en');
}

/**
 * `GET /reports/hub` and `GET /reports/institutions/<short name>`: the report of a month, the last one that is over unless
 * `month` says which, and as CSV at `/reports/hub.csv` and `…/report.csv`. For whoever may read health, signed in at the console or by an API token.
 */
export function createReportRouter(deps: { db: Database; clock: Clock }): Router {
  const { db, clock } = deps;
  const router = Router({ caseSensitive: true });
  const read = async (request: Request) => {
    const asked = parseInput(query, { ...request.query }, 'request_invalid');
    const caller = await readCaller(request, deps);
    const { slug } = request.params;
    const tenant =
      slug === undefined ? requireWholeHub(caller) : await getReachedTenant(db, String(slug), caller);
    await requireAllowed(deps, caller, 'health:read', tenant?.tenantId);
    const scope: ReportScope = {
      db,
      ...(tenant && { tenantId: tenant.tenantId }),
      ...(asked.partner !== undefined && { partner: asked.partner }),
    };
    const now = clock.now();
    const month = asked.month ?? lastMonth(now, await zoneOf(scope));
    return { asked, institution: tenant?.name, report: await readReport(scope, month, now) };
  };
  const page = async (request: Request, response: Response) => {
    const { asked, institution, report } = await read(request);
    const words = wordsOf(languageOf(request, asked.lang));
    response.set({ ...documentHeaders, 'Cache-Control': 'private, no-store', Vary: 'Accept-Language' });
    response.send(renderReport(report, { institution, words }).text);
  };
  const file = async (request: Request, response: Response) => {
    const { report } = await read(request);
    response.set({
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': `attachment; filename="${fileNameOf(report)}"`,
      'Cache-Control': 'private, no-store',
    });
    response.send(writeReportCsv(report));
  };
  endpoint(router, '/reports/hub', { get: page });
  endpoint(router, '/reports/hub.csv', { get: file });
  endpoint(router, '/reports/institutions/:slug', { get: page });
  endpoint(router, '/reports/institutions/:slug/report.csv', { get: file });
  return router;
}

function fileNameOf({ month }: Report): string {
  return `integration-health-${month}.csv`;
}
