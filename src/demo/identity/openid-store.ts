import type { Adapter, AdapterPayload } from 'oidc-provider';

/** In seconds: of what has no end of its own. */
const day = 86_400;

/** Keeps what the provider remembers in memory: who was signed in there is so no more after a restart. */
export function createOpenIdStore(now: () => number): (name: string) => Adapter {
  const kept = new Map<string, { payload: AdapterPayload; until: number }>();
  const find = (key: string) => {
    const found = kept.get(key);
    if (found === undefined || found.until > now()) return found?.payload;
    kept.delete(key);
    return undefined;
  };
  return (name) => {
    const keyOf = (id: string) => `${name}:${id}`;
    const findBy = async (field: 'uid' | 'userCode', value: string) =>
      [...kept.keys()]
        .filter((key) => key.startsWith(`${name}:`))
        .map(find)
        .find((payload) => payload?.[field] === value);
    return {
      upsert: async (id, payload, expiresIn = day) => {
        kept.set(keyOf(id), { payload, until: now() + expiresIn * 1000 });
      },
      find: async (id) => find(keyOf(id)),
      findByUid: (uid) => findBy('uid', uid),
      findByUserCode: (userCode) => findBy('userCode', userCode),
      consume: async (id) => {
        const payload = find(keyOf(id));
        if (payload !== undefined) payload.consumed = Math.floor(now() / 1000);
      },
      destroy: async (id) => {
        kept.delete(keyOf(id));
      },
      revokeByGrantId: async (grantId) => {
        for (const [key, { payload }] of kept) if (payload.grantId === grantId) kept.delete(key);
      },
    };
  };
}
