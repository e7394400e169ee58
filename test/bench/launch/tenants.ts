import { type BenchSchool, type BenchTenant, sampleTool, setUpTenants } from '../world/tenants.ts';
import type { BenchLms } from './lms.ts';
import { clientId, deploymentOf, issuer, slugOf, tenantCount } from './population.ts';

/** Makes the schools, which share one issuer and client_id. */
export function setUpSchools(databaseUrl: string, hubUrl: string, lms: BenchLms): Promise<BenchTenant[]> {
  const schools = Array.from(
    { length: tenantCount },
    (_, number): BenchSchool => ({
      slug: slugOf(number),
      name: `School ${number}`,
      registration: {
        family: 'canvas',
        issuer,
        clientId,
        authorizeUrl: lms.authorizeUrl,
        jwksUrl: lms.jwksUrl,
        settings: { frameAncestors: [new URL(hubUrl).origin] },
      },
      deploymentId: deploymentOf(number),
    }),
  );
  return setUpTenants(databaseUrl, sampleTool, schools);
}
