import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { HUB_TENANT } from '../../../contracts/ids.ts';
import { type ReportLanguage, reportLanguages } from '../../../contracts/reports.ts';
import { documentHeaders } from '../../health/reports/document.ts';
import type { ReportScope } from '../../health/reports/read-report.ts';
import { wordsOf } from '../../health/reports/texts.ts';
import { findStatusLink, openStatusLink } from '../../health/status/links.ts';
import { readStatus } from '../../health/status/read-status.ts';
import { renderStatus } from '../../health/status/status-page.ts';
import { createCache } from '../../platform/cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { limitByAddress } from '../../platform/http/rate-limit.ts';
import { parseInput } from '../../platform/input.ts';
import { findTenantBySlug } from '../../tenants/tenants.ts';
import { getReachedTenant, readCaller, requireAllowed } from '../authenticate.ts';
import { languageOf } from './report-routes.ts';

const linkQuery = z.strictObject({ lang: z.enum(reportLanguages).optional() });
const ownQuery = linkQuery.extend({ partner: z.string().min(1).max(100).optional() });

/** How long a page is served again: anybody with a link may ask, as often as they like. */
const keptMs = 60_000;

/**
 * Status pages. `GET /status/<short name>/<secret>` and `GET /status/partner/<secret>` for whoever has the link, which makes no
 * difference between one that never was and one that is no more; `GET /status/<short name>` for whoever may read its health.
 */
export function createStatusRouter(deps: { db: Database; clock: Clock }): Router {
  const { db, clock } = deps;
  const router = Router({ caseSensitive: true });
  const pages = createCache<string>({ capacity: 500, timeToLiveMs: keptMs, clock });
  const send = async (
    response: Response,
    { scope, name, language }: { scope: ReportScope; name: string; language: ReportLanguage },
    isPublic: boolean,
  ) => {
    const key = JSON.stringify([scope.tenantId, scope.partner, name, language]);
    const text = await pages.get(
      key,
      async () => renderStatus(await readStatus(scope, clock.now()), name, wordsOf(language)).text,
    );
    response.set({
      ...documentHeaders,
      'Cache-Control': `${isPublic ? 'public' : 'private'}, max-age=${keptMs / 1000}`,
      // The address is the key: it must not stand in the logs of whatever a page might lead to.
      'Referrer-Policy': 'no-referrer',
      Vary: isPublic ? 'Accept-Language' : 'Accept-Language, Cookie, Authorization',
    });
    response.send(text);
  };
  const askedOf = (request: Request) => {
    const { lang } = parseInput(linkQuery, { ...request.query }, 'request_invalid');
    return languageOf(request, lang);
  };
  router.use('/status', limitByAddress({ name: 'status', clock, perSecond: 20, burst: 200 }));
  endpoint(router, '/status/:slug/:secret', {
    get: async (request, response) => {
      const language = askedOf(request);
      const [slug, secret] = [String(request.params.slug), String(request.params.secret)];
      // An institution may be called so, too: secrets tell which of the two is meant.
      const ofPartner = slug === 'partner' ? await findStatusLink(db, HUB_TENANT, secret) : undefined;
      if (ofPartner !== undefined) {
        const { partner } = ofPartner;
        if (partner === null) throw new Error('A page of no institution is of a partner');
        await send(response, { scope: { db, partner }, name: partner, language }, true);
        return;
      }
      const tenant = await findTenantBySlug(db.directory, slug);
      // As if there were such a tenant without a link: a slug alone tells nothing.
      if (tenant === undefined) throw linkUnknown();
      const { tenantId } = tenant;
      const { partner } = await openStatusLink(db, tenantId, secret);
      const scope = { db, tenantId, ...(partner !== null && { partner }) };
      await send(response, { scope, name: nameOf(tenant.name, partner), language }, true);
    },
  });
  endpoint(router, '/status/:slug', {
    get: async (request, response) => {
      const { lang, partner } = parseInput(ownQuery, { ...request.query }, 'request_invalid');
      const caller = await readCaller(request, deps);
      const tenant = await getReachedTenant(db, String(request.params.slug), caller);
      const { tenantId } = tenant;
      await requireAllowed(deps, caller, 'health:read', tenantId);
      const scope = { db, tenantId, ...(partner !== undefined && { partner }) };
      const name = nameOf(tenant.name, partner ?? null);
      await send(response, { scope, name, language: languageOf(request, lang) }, false);
    },
  });
  return router;
}

function nameOf(institution: string, partner: string | null): string {
  return partner === null ? institution : `${institution}: ${partner}`;
}

function linkUnknown(): DomainError {
  const message = 'There is no status page at this address, or no more.';
  return new DomainError('not_found', 'status_link_unknown', message);
}
