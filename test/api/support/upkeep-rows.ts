import type { Sent } from './api-world.ts';

/** For each endpoint about keys of LTI 1.1, notices and domains what would be done, were it allowed. */
export function upkeepWishes({ connectionId }: { connectionId: string }) {
  return {
    listLegacyKeys: {},
    setLegacyKey: { body: { connectionId, consumerKey: 'key', secret: 'a shared secret' } },
    removeLegacyKey: {},
    listNotices: {},
    replayNotices: { body: {} },
    listDomains: {},
    addDomain: { body: { domain: 'lti.other.example' } },
    verifyDomain: { body: { vouched: true } },
    removeDomain: {},
  } as const satisfies Record<string, Sent>;
}
