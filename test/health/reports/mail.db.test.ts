import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { HUB_TENANT, type TargetId, type TenantId } from '../../../contracts/ids.ts';
import type { SendDeps } from '../../../src/health/notifications/send.ts';
import { addTarget } from '../../../src/health/notifications/targets.ts';
import { mailReports, setReportLanguage } from '../../../src/health/reports/mail.ts';
import { openLog } from '../../../src/platform/log.ts';
import { parseKeyEncryptionKeys } from '../../../src/platform/secrets/key-encryption-keys.ts';
import { createSecrets } from '../../../src/platform/secrets/secrets.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../support/database.ts';

const { database: db, superuser } = await createTestDatabase();
const clock = { time: Date.UTC(2026, 10, 2, 6), now: () => clock.time };
const kek = parseKeyEncryptionKeys(`test:${randomBytes(32).toString('base64url')}`);
const secrets = createSecrets({ kek, clock });
const by = () => ({ actor: 'test', now: clock.now() });
type Mail = Parameters<NonNullable<SendDeps['sendMail']>>[0];
const mails: Mail[] = [];
let isRefused = false;
const deps: SendDeps = {
  ...{ db, clock, secrets, log: openLog({ level: 'silent' }) },
  fetch: () => Promise.reject(new Error('Nothing is fetched')),
  sendMail: async (mail) => {
    if (isRefused) throw new Error('Refused');
    mails.push(mail);
  },
};

async function target(tenantId: TenantId, to: string): Promise<TargetId> {
  const input = { channel: 'email' as const, name: 'Managers', to: [to] };
  return (await addTarget({ db, secrets, allowLoopback: true }, tenantId, input, by())).target.targetId;
}
const taken = () => mails.splice(0).map(({ to, subject }) => `${to.join()} ${subject}`);

test('each target that wants it is mailed the last month once, in its language, tried again where it is refused', async () => {
  const { tenantId } = await createTenant(db, { slug: 'north', name: 'North School' }, by());
  const other = await createTenant(db, { slug: 'river', name: 'River School' }, by());
  const own = await target(tenantId, 'head@north.example');
  await target(other.tenantId, 'unwanted@river.example');
  const hub = await target(HUB_TENANT, 'managers@hub.example');
  await mailReports(deps);
  expect(taken()).toEqual([]);
  await setReportLanguage(db, tenantId, { targetId: own, language: 'es' }, by());
  await setReportLanguage(db, HUB_TENANT, { targetId: hub, language: 'en' }, by());
  isRefused = true;
  await mailReports(deps);
  isRefused = false;
  await mailReports(deps);
  expect(taken()).toEqual([]);
  clock.time += 2 * 60_000;
  // Two copies at once.
  await Promise.all([mailReports(deps), mailReports(deps)]);
  expect(mails.map(({ html }) => html?.startsWith('<!doctype html>'))).toEqual([true, true]);
  expect(mails.find(({ to }) => to[0] === 'head@north.example')?.text).toContain(
    'Intercambios terminados: 0',
  );
  expect(taken().sort()).toEqual([
    'head@north.example Salud de las integraciones 2026-10: North School',
    'managers@hub.example Integration health 2026-10: All institutions',
  ]);
  clock.time += 20 * 86_400_000;
  await mailReports(deps);
  expect(taken()).toEqual([]);
  await setReportLanguage(db, HUB_TENANT, { targetId: hub, language: null }, by());
  clock.time = Date.UTC(2026, 11, 1, 6);
  await mailReports(deps);
  expect(taken()).toEqual(['head@north.example Salud de las integraciones 2026-11: North School']);
  const { rows } = await superuser.query('select state, tries from report_mail order by month, tries');
  expect(rows.map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
});

test('no tenant changes another’s target', async () => {
  const { tenantId } = await createTenant(db, { slug: 'east', name: 'East' }, by());
  const other = await createTenant(db, { slug: 'west', name: 'West' }, by());
  const targetId = await target(tenantId, 'head@east.example');
  const change = setReportLanguage(db, other.tenantId, { targetId, language: 'en' }, by());
  await expect(change).rejects.toMatchObject({ code: 'target_unknown' });
});
