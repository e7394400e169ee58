import pg from 'pg';
import { createChildren } from '../process/parent.ts';
import { prepareHub } from '../world/hub.ts';
import { type HubCopies, startHubCopies } from '../world/hub-copies.ts';
import { type BenchPostgres, startBenchPostgres } from '../world/postgres.ts';
import { type BenchSchool, type BenchTenant, sampleTool, setUpTenants } from '../world/tenants.ts';
import type { SchoolSize } from './lines.ts';
import { type BenchLms, startBenchLms } from './lms.ts';
import { type Load, startLoad } from './load.ts';
import { addressesOf, fillGradebook, type Gradebook } from './population.ts';
import { processCount } from './sides.ts';
import { createToolKeys, fetchToolToken } from './tool.ts';

/** One PostgreSQL with fsync on, the LMSs, the tool's load, and copies of the hub with schools and people. */
export interface GradesWorld {
  postgres: BenchPostgres;
  children: ReturnType<typeof createChildren>;
  /** Superuser's connection to the hub's database. */
  superuser: pg.Client;
  copies: HubCopies;
  lms: BenchLms;
  load: Load;
  tenants: BenchTenant[];
  /** What the hub has learnt of each school. */
  gradebooks: Gradebook[];
  sizes: SchoolSize[];
  close(): Promise<void>;
}

/** The database that is pg-boss's alone. */
export const bossDatabase = 'pgboss';

/** Beyond what the copies can do, so that nothing but they is measured. */
const gradesPerSecond = 10_000;

/**
 * @param sizes of the schools, each with an LMS connection of its own
 * @param lmsCount how many LMSs they share
 */
export async function openGradesWorld(sizes: SchoolSize[], lmsCount = 1): Promise<GradesWorld> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const postgres = await startBenchPostgres(['gatehouse', bossDatabase]);
    closers.push(() => postgres.close());
    const children = createChildren();
    closers.push(() => children.stopAll());
    const databaseUrl = postgres.urlOf('gatehouse');
    const lms = await startBenchLms(children, sizes, lmsCount);
    const { hubUrl, environment } = await prepareHub(databaseUrl);

    const toolKeys = createToolKeys();
    const schools = sizes.map((_size, number) => schoolOf(number, lms.originOf(number)));
    const tenants = await setUpTenants(databaseUrl, { ...sampleTool, jwks: toolKeys.jwks }, schools);
    const superuser = new pg.Client({ connectionString: databaseUrl });
    await superuser.connect();
    closers.push(() => superuser.end());
    const addresses = [];
    const gradebooks: Gradebook[] = [];
    for (const [number, tenant] of tenants.entries()) {
      const gradebook = await fillGradebook(superuser, tenant, {
        school: number,
        ...sizes[number]!,
        lmsOrigin: lms.originOf(number),
        deploymentId: schools[number]!.deploymentId,
      });
      gradebooks.push(gradebook);
      addresses.push(addressesOf(tenant.tenant.slug, gradebook));
    }
    await superuser.query('analyze');

    const copies = startHubCopies(children, environment, processCount);
    const [origin = ''] = await copies.open({ work: false });
    const token = await fetchToolToken(origin, hubUrl, tenants[0]!.enabled.tool.clientId, toolKeys);
    await copies.shut();
    const host = new URL(hubUrl).host;
    const load = await startLoad(children, { sizes, schools: addresses, token, host, status: 200 });
    return { postgres, children, superuser, copies, lms, load, tenants, gradebooks, sizes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function schoolOf(number: number, lmsOrigin: string): BenchSchool {
  return {
    slug: `school-${number}`,
    name: `School ${number}`,
    registration: {
      family: 'canvas',
      issuer: 'https://canvas.instructure.com',
      clientId: '10000000000042',
      authorizeUrl: `${lmsOrigin}/authorize`,
      tokenUrl: `${lmsOrigin}/token`,
      jwksUrl: `${lmsOrigin}/jwks`,
      settings: { gradesPerSecond },
    },
    deploymentId: `deployment-${number}`,
  };
}
