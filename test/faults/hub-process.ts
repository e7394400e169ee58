import { openStorage } from '../../src/app/storage.ts';
import { openHub } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { listen } from '../../src/platform/http/server.ts';
import { openLog } from '../../src/platform/log.ts';
import { answerParent } from '../bench/process/child.ts';

const [, , duty, offset = '0'] = process.argv;
let offsetMs = Number(offset);
const clock = { now: () => Date.now() + offsetMs };

/** A copy of the hub put together as `serve` and `work` do, but for its clock, which the tests set. */
async function start(): Promise<{ stop(): Promise<void> }> {
  const config = readConfig();
  const log = openLog({ level: config.logLevel });
  const storage = await openStorage(config, (error) => {
    throw error;
  });
  const hub = await openHub({ config, storage, log, clock, work: duty === 'work' });
  const { host, port } = config;
  const server = duty === 'serve' ? await listen({ host, port, handler: hub.app }) : undefined;
  return {
    stop: async () => {
      await server?.stop(1_000);
      await hub.close(1_000);
      log.flush();
    },
  };
}

const started = start();

answerParent({
  open: async () => {
    await started;
  },
  shift: (ms: number) => {
    offsetMs = ms;
  },
  close: async () => (await started).stop(),
});
