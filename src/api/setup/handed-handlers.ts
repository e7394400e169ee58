import type { endpoints } from '../../../contracts/http/endpoints.ts';
import { listHanded, listNames, listOutsiders } from '../../operators/accounts/handed.ts';
import { handedMs } from '../../operators/hands.ts';
import { listHandedWays } from '../../operators/school/ways.ts';
import type { Database } from '../../platform/db.ts';
import type { Handlers } from '../router.ts';
import { type Agreement, findAgreement } from './agreement.ts';

/** What is done for the endpoint by which an institution sees who else could have come in at its door. */
export function handedHandlers(db: Database): Pick<Handlers<typeof endpoints>, 'listHandedWays'> {
  return {
    listHandedWays: async ({ tenant, by: { now } }) => {
      const { accounts, more, ways, outside, agreement } = await db.withTenant(
        tenant.tenantId,
        async (tx) => {
          const agreement = await findAgreement(tx, now);
          const waiting = agreement === undefined || agreement.counts ? undefined : agreement;
          const handed = await listHanded(tx, now, waiting === undefined ? [] : [waiting.actor]);
          const found = { ...handed, ways: await listHandedWays(tx, now) };
          const actors = [...found.accounts, ...found.ways].flatMap(({ by }) => by);
          return {
            ...found,
            outside: await listOutsiders(tx, [...new Set(actors)]),
            agreement: waiting,
          };
        },
      );
      const names = await db.withHub((tx) => listNames(tx, outside));
      /** Nothing where it was the institution itself. */
      const show = <Of extends { by: readonly string[]; at: Date }>({ by, at, ...rest }: Of) => {
        const theirs = outside.filter((each) => by.includes(each));
        if (theirs.length === 0) return [];
        const times = { at: at.toISOString(), until: new Date(at.getTime() + handedMs).toISOString() };
        return [
          { ...rest, ...times, by: theirs.map((actor) => ({ actor, name: names.get(actor) ?? null })) },
        ];
      };
      return {
        accounts: accounts.flatMap(show),
        more,
        signIns: ways.flatMap(show),
        waiting: agreement === undefined ? null : showWaiting(agreement),
      };
    },
  };
}

function showWaiting({ agreementId, agreedAt, countsFrom }: Agreement) {
  return {
    agreementId,
    agreedAt: agreedAt.toISOString(),
    countsFrom: countsFrom?.toISOString() ?? null,
  };
}
