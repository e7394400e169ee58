import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll } from 'vitest';
import type { OperatorRole } from '../../../contracts/http/roles.ts';
import { HUB_TENANT, type RunId } from '../../../contracts/ids.ts';
import { migrateAll, openHub } from '../../../src/app.ts';
import { readConfig } from '../../../src/config.ts';
import { insertExchanges } from '../../../src/health/recording/exchange-store.ts';
import { rollUp } from '../../../src/health/rollups/roll-up.ts';
import { invite } from '../../../src/operators/links/links.ts';
import { listen } from '../../../src/platform/http/server.ts';
import { openLog } from '../../../src/platform/log.ts';
import { connectIdentity } from '../../../src/sso/identities/identities.ts';
import { connectRoster } from '../../../src/sync/sync.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import { addConsoleRows } from '../../api/support/console-rows.ts';
import { addOperator, password } from '../../api/support/console-visitor.ts';
import { addHealthWork } from '../../api/support/health-work-rows.ts';
import { writeRun } from '../../api/support/run-rows.ts';
import { addSharedTool } from '../../api/support/setup-rows.ts';
import { directoryInput } from '../../api/support/sso-services.ts';
import { findBuiltConsole } from '../../support/built-console.ts';
import type { TestDatabase } from '../../support/database.ts';
import { dayOfExchanges } from './exchanges.ts';
import { addHealthRows } from './health-rows.ts';
import { addHostileRows } from './hostile-rows.ts';

/** A name as somebody could type who wants it to run. */
export const hostileName = '<script>globalThis.ran = 1</script> School';

/** The whole hub with the console built from these sources, and two schools with something on every page. */
export async function startConsoleWorld(testDatabase: TestDatabase) {
  const { url, database, superuser } = testDatabase;
  const folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-console-'));
  const storage = { url, directUrl: url, folder: undefined, stop: async () => undefined };
  const log = openLog({ level: 'silent' });
  const config = readConfig({ environment: { GATEHOUSE_DATA: folder, LOG_LEVEL: 'silent' } });
  const [built] = await Promise.all([findBuiltConsole(), migrateAll({ config, storage, log })]);
  const hub = await openHub({ config, storage, log, work: false, consoleFolder: built });
  const server = await listen({ host: '127.0.0.1', port: 0, handler: hub.app });
  afterAll(async () => {
    await server.stop(1_000);
    await hub.close(1_000);
    await rm(folder, { recursive: true, force: true });
  });

  const now = hub.clock.now();
  const by = { actor: 'test', now };
  const north = await createTenant(database, { slug: 'north', name: 'North High' }, by);
  await createTenant(database, { slug: 'hostile', name: hostileName }, by);
  const { onboardingId, incidentId } = await addHealthWork(database, north.tenantId, now);
  await addSharedTool({ database }, north.tenantId, now);
  const roster = { connector: 'oneroster-csv', name: 'Northside SIS', settings: {} };
  const { connectionId } = await connectRoster(hub.sync, north.tenantId, roster, by);
  const identity = await connectIdentity(hub.sso, north.tenantId, directoryInput(), by);
  const writeRunOf = (state: 'held' | 'applied', findings: number): Promise<RunId> =>
    writeRun(superuser, north.tenantId, connectionId, { state, findings, now });
  const [appliedId, heldId] = [await writeRunOf('applied', 0), await writeRunOf('held', 3)];
  await database.withRollup((tx) => insertExchanges(tx, dayOfExchanges(north.tenantId, now)));
  await rollUp({ database, clock: hub.clock });
  await addHealthRows({ db: database, secrets: hub.operators.secrets }, north.tenantId, connectionId, now);

  const workSlug = 'workshop';
  const work = await addConsoleRows(testDatabase, workSlug, { now, secrets: hub.operators.secrets });
  const victim = 'hostile-rows';
  const { tenantId } = await addConsoleRows(testDatabase, victim, { now, secrets: hub.operators.secrets });
  const hostile = await addHostileRows({ testDatabase, hub, tenantId, slug: victim, now });

  const origin = `http://hub.localhost:${server.port}`;
  const emailOf = new Map<OperatorRole, string>();
  const roles = ['owner', 'viewer', 'institution_admin'] as const;
  for (const role of roles) {
    const owner = role === 'institution_admin' ? { owner: north.tenantId } : {};
    emailOf.set(role, (await addOperator(hub.operators, [role], owner)).email);
  }
  const guest = { name: 'Grace', email: 'grace@company.example', roles: ['manager'], days: 1 } as const;
  const invited = await invite(hub.operators, HUB_TENANT, guest, by);
  return {
    built,
    /** An invitation's page with its token, below the origin. */
    invitation: invited.address.slice(config.baseUrl.length),
    origin,
    /** The same for this process, which may know no `*.localhost`. */
    direct: `http://127.0.0.1:${server.port}`,
    hub,
    /** Pages with markup in words of others, each with words to be found there; and the columns that hold it. */
    hostile: { ...hostile, slug: victim },
    ids: {
      ...{ connectionId, appliedId, heldId, onboardingId, incidentId },
      ...{ workSlug, reference: work.reference, deliveryId: work.deliveryId, lmsId: work.connectionId },
      ...{ registrationId: work.registrationId, identityId: identity.connectionId },
    },
    /** Signs in by the form, as people do. */
    signIn: async (page: Page, role: (typeof roles)[number]): Promise<void> => {
      await page.getByLabel('E-mail address').fill(emailOf.get(role)!);
      await page.getByLabel('Password', { exact: true }).fill(password);
      if (role === 'institution_admin') {
        await page.getByRole('button', { name: 'I am an administrator of an institution' }).click();
        await page.getByLabel('Institution', { exact: true }).fill('north');
      }
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('link', { name: 'Skip to the content' }).waitFor({ state: 'attached' });
    },
  };
}
