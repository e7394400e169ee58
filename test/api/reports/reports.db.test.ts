import { expect, test } from 'vitest';
import type { ExchangeEvent } from '../../../contracts/health.ts';
import { HUB_TENANT, newId, type TenantId } from '../../../contracts/ids.ts';
import { setCalendarZone } from '../../../src/health/calendars/calendars.ts';
import { insertExchanges } from '../../../src/health/recording/exchange-store.ts';
import { rollUp } from '../../../src/health/rollups/roll-up.ts';
import { addStatusLink, readStatusLinks, removeStatusLink } from '../../../src/health/status/links.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld } from '../support/api-world.ts';

const testDatabase = await createTestDatabase();
const { database: db } = testDatabase;
const world = createApiWorld(testDatabase);
const [north, river] = [await world.addSchool(), await world.addSchool()];
const everywhere = (await world.makeToken({ scopes: ['health:read'] })).token;
const blind = (await world.makeToken({ scopes: ['tenants:read'] })).token;
const by = { actor: 'test', now: world.clock.now() };

function exchange(tenantId: TenantId, at: string, outcome: ExchangeEvent['outcome']): ExchangeEvent {
  const endedAt = new Date(at);
  return {
    ...{ tenantId, exchangeId: newId(endedAt.getTime()), kind: 'launch', connectionId: null, toolId: null },
    ...{ partner: 'canvas<b>', tier: 'standard', connectorVersion: null, outcome, reason: null, attempts: 1 },
    ...{ failedAttempts: 0, offered: 0, rejected: 0, startedAt: endedAt, endedAt },
  };
}

// North's October begins at 04:00 UTC on the first.
await setCalendarZone(db, north.tenantId, 'America/New_York', by);
const events = [
  exchange(north.tenantId, '2026-10-01T03:59:00Z', 'success'),
  exchange(north.tenantId, '2026-10-01T04:01:00Z', 'failed_partner'),
  ...Array.from({ length: 30 }, () => exchange(north.tenantId, '2026-10-14T15:00:00Z', 'success')),
  exchange(river.tenantId, '2026-10-14T15:00:00Z', 'user_error'),
  ...Array.from({ length: 30 }, () => exchange(north.tenantId, '2026-11-20T22:00:00Z', 'failed_hub')),
];
await db.withRollup((tx) => insertExchanges(tx, events));
await rollUp({ database: db, clock: world.clock });

async function get(path: string, token?: string) {
  const { origin } = await world.open();
  const headers = { accept: 'text/html', ...(token !== undefined && { authorization: `Bearer ${token}` }) };
  const response = await fetch(`${origin}${path}`, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

test('the report of the last month is a page without a script, by the school’s own clocks, with a table behind its chart', async () => {
  const { status, text, headers } = await get(`/reports/institutions/${north.slug}`, north.token);
  expect(status).toBe(200);
  expect(text).toContain('2026-10-01 00:00');
  expect(text).toContain('America/New_York');
  expect(text).toContain('<svg');
  expect(text).not.toContain('<script');
  expect(text).toContain('canvas&lt;b&gt;');
  expect(text).toContain('@media print');
  // 31 of October, of which the one after midnight failed.
  expect(text).toMatch(
    /<th scope="row">2026-10-01<\/th>\s*<td class="number">1<\/td>\s*<td class="number">1<\/td>/,
  );
  expect(text).toMatch(/<th scope="row">Failed<\/th>\s*<td class="number">3.23%<\/td>/);
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
  const spanish = await get(`/reports/institutions/${north.slug}?lang=es&month=2026-09`, north.token);
  expect(spanish.text).toContain('<html lang="es">');
  expect(spanish.text).toContain('Salud de las integraciones');
});

test('the same comes as a file, and the hub’s has each institution', async () => {
  const own = await get(`/reports/institutions/${north.slug}/report.csv?month=2026-10`, north.token);
  expect(own.headers.get('content-type')).toMatch(/^text\/csv/);
  expect(own.text.split('\r\n')[1]).toEqual(expect.stringMatching(/^month,2026-10,31,1,31,0\.03/));
  const whole = await get('/reports/hub.csv?month=2026-10', everywhere);
  expect(whole.text).toMatch(/institution,[^\r]+,32,1,32,/);
  expect(whole.text).toMatch(/institution,[^\r]+,1,0,0,,/);
});

test('who may not read health reads no report, nor another institution’s', async () => {
  expect((await get('/reports/hub')).status).toBe(401);
  expect((await get('/reports/hub', north.token)).status).toBe(403);
  expect((await get('/reports/hub', blind)).status).toBe(403);
  expect((await get(`/reports/institutions/${river.slug}`, north.token)).status).toBe(404);
  expect((await get('/reports/hub?month=2026-13', everywhere)).status).toBe(400);
});

test('a status page opens to whoever has its link, may be cached, and is gone with the link', async () => {
  const { link, secret } = await addStatusLink(db, north.tenantId, {}, by);
  const address = `/status/${north.slug}/${secret}`;
  const { status, text, headers } = await get(address);
  expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=60']);
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(text).toContain('Many exchanges fail');
  expect(text).not.toContain('<script');
  expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-7/);
  const answers = [
    await get(`/status/${north.slug}/${'A'.repeat(43)}`),
    await get(`/status/${river.slug}/${secret}`),
    await get(`/status/no-such-school/${secret}`),
    await get(`/status/partner/${secret}`),
  ];
  expect(answers.map((each) => each.status)).toEqual([404, 404, 404, 404]);
  await removeStatusLink(db, north.tenantId, link.linkId, by);
  expect((await get(address)).status).toBe(404);
});

test('a partner’s page is over all schools; without a link, whoever may read health sees a school’s', async () => {
  const { secret } = await addStatusLink(db, HUB_TENANT, { partner: 'moodle' }, by);
  const partner = await get(`/status/partner/${secret}`);
  expect(partner.text).toContain('Nothing was exchanged in the last 24 hours');
  await expect(addStatusLink(db, HUB_TENANT, {}, by)).rejects.toMatchObject({ code: 'status_link_invalid' });
  const own = await get(`/status/${north.slug}`, north.token);
  expect([own.status, own.headers.get('cache-control')]).toEqual([200, 'private, max-age=60']);
  expect((await get(`/status/${north.slug}`)).status).toBe(401);
  expect((await get(`/status/${north.slug}`, river.token)).status).toBe(404);
});

test('an institution with the short name "partner" has its status page, beside those of partners', async () => {
  const { tenantId } = await createTenant(db, { slug: 'partner', name: 'Partner High' }, by);
  const own = await addStatusLink(db, tenantId, {}, by);
  const ofMoodle = await addStatusLink(db, HUB_TENANT, { partner: 'moodle' }, by);
  expect((await get(`/status/partner/${own.secret}`)).text).toContain('Partner High');
  expect((await get(`/status/partner/${ofMoodle.secret}`)).text).not.toContain('Partner High');
  expect((await get(`/status/partner/${ofMoodle.secret}`)).status).toBe(200);
});

test('no tenant sees, uses or takes away another’s links', async () => {
  const { link, secret } = await addStatusLink(db, north.tenantId, { partner: 'canvas' }, by);
  expect(await readStatusLinks(db, river.tenantId)).toEqual([]);
  expect((await readStatusLinks(db, north.tenantId)).map(({ linkId }) => linkId)).toContain(link.linkId);
  await expect(removeStatusLink(db, river.tenantId, link.linkId, by)).rejects.toMatchObject({
    code: 'status_link_unknown',
  });
  expect((await get(`/status/${river.slug}/${secret}`)).status).toBe(404);
});
