import { prepareHub } from '../world/hub.ts';
import { startBenchPostgres } from '../world/postgres.ts';

/** An empty hub's database with the settings of production. */
export interface HealthWorld {
  url: string;
  statementTimeoutMs: number;
  version: string;
  close(): Promise<void>;
}

export async function openHealthWorld(): Promise<HealthWorld> {
  const postgres = await startBenchPostgres(['gatehouse']);
  try {
    const url = postgres.urlOf('gatehouse');
    const { config } = await prepareHub(url);
    const { statementTimeoutMs } = config;
    return { url, statementTimeoutMs, version: postgres.version, close: () => postgres.close() };
  } catch (error) {
    await postgres.close();
    throw error;
  }
}
