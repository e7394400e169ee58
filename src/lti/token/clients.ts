import { createCache } from '../../platform/cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import type { Tool } from '../../tools/tool.ts';
import { findToolByClientId } from '../../tools/tools.ts';

/**
 * Answers from memory which tool a client_id means. It decides nothing: the statement that
 * uses up an assertion checks the tool's version again.
 */
export interface ToolClients {
  find(clientId: string): Promise<Tool | undefined>;
  /** Reads a client anew at the next call: a request has found it changed. */
  forget(clientId: string): void;
  forgetAll(): void;
}

export function createToolClients({ db, clock }: { db: Database; clock: Clock }): ToolClients {
  const tools = createCache<Tool | null>({ capacity: 5_000, timeToLiveMs: 30_000, clock });
  return {
    find: async (clientId) => {
      const tool = await tools.get(
        clientId,
        async () => (await findToolByClientId(db.hub(), clientId)) ?? null,
      );
      // Who is not known may be registered the next moment.
      if (tool === null) tools.invalidate(clientId);
      return tool ?? undefined;
    },
    forget: tools.invalidate,
    forgetAll: tools.clear,
  };
}
