import { type DirectoryClient, openClient } from './client.ts';
import type { DirectoryConnection, DirectoryServices } from './connection.ts';
import { dial } from './dial.ts';
import { DirectoryError } from './failure.ts';
import { anything } from './filter.ts';
import { anybodyFilter, readSubject } from './person.ts';
import type { LdapReason } from './reasons.ts';
import { toServiceFailure } from './service-account.ts';
import { readDialOptions } from './session.ts';
import { listServers, type Server } from './settings.ts';

export type TestedStep = 'connect' | 'bind' | 'base' | 'find';

/** What an admin is shown of one server: the steps that were taken, the last of which may have failed. */
export interface ServerTest {
  readonly host: string;
  readonly port: number;
  readonly steps: readonly { readonly step: TestedStep; readonly ms: number; readonly reason?: LdapReason }[];
  /** Everything went well. */
  readonly isWell: boolean;
}

/**
 * Tries every server of a connection by itself: reachable and secured, service account taken, base there, people found with a
 * key that can be read. No password but that of the service account is shown to anybody.
 */
export async function testServers(
  services: Pick<DirectoryServices, 'allowLoopback' | 'lookup'>,
  connection: DirectoryConnection,
): Promise<ServerTest[]> {
  const tests: ServerTest[] = [];
  for (const server of listServers(connection.settings)) {
    const test = await testServer(services, connection, server);
    tests.push(test);
    // A service account that one server refused would be locked by the others.
    if (test.steps.at(-1)?.reason === 'service_refused') break;
  }
  return tests;
}

async function testServer(
  services: Pick<DirectoryServices, 'allowLoopback' | 'lookup'>,
  connection: DirectoryConnection,
  server: Server,
): Promise<ServerTest> {
  const { settings } = connection;
  const { base } = settings;
  const { host, port } = server;
  const steps: { step: TestedStep; ms: number; reason?: LdapReason }[] = [];
  async function take<T>(step: TestedStep, work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const ms = () => Math.round(performance.now() - begun);
    try {
      const result = await work();
      steps.push({ step, ms: ms() });
      return result;
    } catch (error) {
      const failure = step === 'bind' ? toServiceFailure(error, server) : error;
      const reason = failure instanceof DirectoryError ? failure.reason : 'answer_invalid';
      steps.push({ step, ms: ms(), reason });
      throw failure;
    }
  }
  let client: DirectoryClient | undefined;
  try {
    const socket = await take('connect', () => dial(server, readDialOptions(services, connection)));
    const opened = openClient(socket, { host, operationMs: settings.timeouts.operationMs });
    client = opened;
    await take('bind', () => opened.bind(settings.serviceAccount, settings.servicePassword));
    await take('base', async () => {
      const request = { base, scope: 'base' as const, filter: anything(), attributes: ['1.1'] };
      if ((await opened.searchFew(request, 1)).length === 0)
        throw new DirectoryError('base_missing', { host });
    });
    await take('find', () => findSomebody(opened, connection));
    return { host, port, steps, isWell: true };
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    return { host, port, steps, isWell: false };
  } finally {
    client?.close();
  }
}

/** Whether the name attributes and the conditions mean anybody, and the key can be read. */
async function findSomebody(client: DirectoryClient, { settings }: DirectoryConnection): Promise<void> {
  const filter = anybodyFilter(settings);
  const attributes = [typeof settings.key === 'string' ? settings.key : settings.key.attribute];
  const entries = await client.searchFew({ base: settings.base, scope: 'sub', filter, attributes }, 5);
  if (entries.length === 0) throw new DirectoryError('user_unknown');
  if (!entries.some((entry) => readSubject(entry, settings) !== undefined))
    throw new DirectoryError('key_missing');
}
