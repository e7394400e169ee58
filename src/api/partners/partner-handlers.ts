import type { consoleEndpoints } from '../../../contracts/http/console-endpoints.ts';
import type { OnboardingKind } from '../../../contracts/onboarding.ts';
import { families, familyNames } from '../../connections/families.ts';
import type { Database } from '../../platform/db.ts';
import type { SyncServices } from '../../sync/sync.ts';
import { pageOf } from '../page.ts';
import type { Handlers } from '../router.ts';
import { countConnectors, countPartners, listPartnerUse } from './partner-store.ts';

type PartnerEndpoint = 'listPartners' | 'listPartnerTenants' | 'listHubConnectors';

interface KnownPartner {
  partner: string;
  title: string;
  kind: OnboardingKind;
}

/** What is done for the endpoints about partners and connectors, over all tenants. */
export function partnerHandlers(
  db: Database,
  { connectors }: Pick<SyncServices, 'connectors'>,
): Pick<Handlers<typeof consoleEndpoints>, PartnerEndpoint> {
  /** Those the hub can speak to, whether anybody is connected to them or not. */
  const known: KnownPartner[] = [
    ...familyNames.map((partner) => ({ partner, title: families[partner].title, kind: 'lms' as const })),
    ...connectors.map(({ id, title }) => ({ partner: id, title, kind: 'roster' as const })),
  ];
  return {
    listPartners: async () => {
      const counted = await db.withRollup(countPartners);
      const used = counted.map(({ partner, kind, tenants, connections }) => {
        const title = known.find((each) => each.partner === partner && each.kind === kind)?.title ?? partner;
        return { partner, title, kind, tenants, connections };
      });
      const others = known.filter(
        ({ partner, kind }) => !counted.some((each) => each.partner === partner && each.kind === kind),
      );
      const unused = others.map((each) => ({ ...each, tenants: 0, connections: 0 }));
      return { partners: [...used, ...unused].toSorted((a, b) => a.title.localeCompare(b.title, 'en')) };
    },
    listPartnerTenants: async ({ params, query: { after, limit } }) => {
      const page = { after, limit: limit + 1 };
      const found = await db.withRollup((tx) => listPartnerUse(tx, params.partner, page));
      const { rows, next } = pageOf(found, limit, ({ connection_id }) => connection_id);
      const connections = rows.map(({ connection_id, ...rest }) => ({
        ...rest,
        connectionId: connection_id,
      }));
      return { connections, next };
    },
    listHubConnectors: async () => {
      const counted = await db.withRollup(countConnectors);
      return {
        connectors: connectors.map(({ id, version, title, capabilities }) => {
          const parts = counted.filter(({ connector }) => connector === id);
          return {
            ...{ id, version, title },
            entities: [...capabilities.entities],
            delta: capabilities.delta,
            tenants: parts[0]?.all_tenants ?? 0,
            connections: parts.reduce((sum, part) => sum + part.connections, 0),
            lastRunVersions: parts.flatMap(({ version: by, connections }) =>
              by === null ? [] : [{ version: by, connections }],
            ),
          };
        }),
      };
    },
  };
}
