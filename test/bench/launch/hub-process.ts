import { openStorage } from '../../../src/app/storage.ts';
import { openHub } from '../../../src/app.ts';
import { readConfig } from '../../../src/config.ts';
import { listen } from '../../../src/platform/http/server.ts';
import { openLog } from '../../../src/platform/log.ts';
import { answerParent } from '../process/child.ts';
import { startProfile, stopProfile } from '../process/profile.ts';
import { startStatementCount, stopStatementCount } from './statement-count.ts';

/** One copy of the hub, put together as `serve` does; its settings stand in the environment. */
async function serve(): Promise<{ port: number; stop(): Promise<void> }> {
  const config = readConfig();
  const log = openLog({ level: config.logLevel });
  const storage = await openStorage(config, (error) => {
    throw error;
  });
  const hub = await openHub({ config, storage, log, work: false });
  const server = await listen({ host: '127.0.0.1', port: config.port, handler: hub.app });
  return {
    port: server.port,
    stop: async () => {
      hub.drain();
      await server.stop(1_000);
      await hub.close(1_000);
      log.flush();
    },
  };
}

const server = serve();

answerParent({
  open: async () => ({ port: (await server).port }),
  startProfile,
  stopProfile,
  startStatementCount,
  stopStatementCount,
  close: async () => (await server).stop(),
});
