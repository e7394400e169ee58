import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectionId, RunId } from '../../../contracts/ids.ts';

/** Somebody at the operators' API who asks again until there is an answer. */
export interface Operator {
  connect(connector: string, settings: Record<string, unknown>): Promise<ConnectionId>;
  start(connectionId: ConnectionId, mode?: 'full' | 'delta'): Promise<RunId>;
  /** @returns the code of a refusal; undefined where it was done */
  decide(
    connectionId: ConnectionId,
    runId: RunId,
    decision: 'approve' | 'discard' | 'cancel' | 'undo',
  ): Promise<string | undefined>;
}

interface Answer {
  status: number;
  body: { code?: string; run?: { runId: RunId }; roster?: { connectionId: ConnectionId } };
}

const patienceMs = 30_000;

export function createOperator({
  origin,
  slug,
  token,
}: {
  origin: string;
  slug: string;
  token: string;
}): Operator {
  const base = `${origin}/api/v1/tenants/${slug}/rosters`;

  /** A call that got no answer, or one that says that the hub is not well, is made again. */
  async function post(path: string, body: object): Promise<Answer> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const answer = await fetch(`${base}${path}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }).then(
        async (response) => ({ status: response.status, body: (await response.json()) as Answer['body'] }),
        () => undefined,
      );
      if (answer !== undefined && answer.status < 500) return answer;
      if (performance.now() > deadline) throw new Error(`${path} was not answered: ${answer?.status}`);
      await delay(100);
    }
  }

  return {
    connect: async (connector, settings) => {
      const { body } = await post('', { connector, name: connector, settings });
      if (body.roster === undefined) throw new Error(`${connector} was not connected: ${body.code}`);
      return body.roster.connectionId;
    },
    start: async (connectionId, mode = 'full') => {
      const { body } = await post(`/${connectionId}/runs`, { mode });
      if (body.run === undefined) throw new Error(`No run was started: ${body.code}`);
      return body.run.runId;
    },
    decide: async (connectionId, runId, decision) => {
      const { status, body } = await post(`/${connectionId}/runs/${runId}/${decision}`, {});
      return status < 300 ? undefined : body.code;
    },
  };
}
