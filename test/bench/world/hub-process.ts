import { openStorage } from '../../../src/app/storage.ts';
import { openHub } from '../../../src/app.ts';
import { readConfig } from '../../../src/config.ts';
import { listen } from '../../../src/platform/http/server.ts';
import { openLog } from '../../../src/platform/log.ts';
import { type HandedIn, type HandInInput, handIn } from '../grades/hand-in.ts';
import { answerParent } from '../process/child.ts';
import { startProfile, stopProfile } from '../process/profile.ts';
import { startStatementCount, stopStatementCount } from '../process/statement-count.ts';

interface Copy {
  port: number;
  handIn(input: HandInInput): Promise<HandedIn>;
  stop(): Promise<void>;
}

let copy: Copy | undefined;

/**
 * Opens a copy of the hub, put together as `serve` or `start` does; its settings stand in the environment. It can be
 * shut and opened again, with or without background work, and its code stays warm.
 */
async function open({ work }: { work: boolean }): Promise<{ port: number }> {
  const config = readConfig();
  const log = openLog({ level: config.logLevel });
  const storage = await openStorage(config, (error) => {
    throw error;
  });
  const hub = await openHub({ config, storage, log, work });
  const server = await listen({ host: '127.0.0.1', port: config.port, handler: hub.app });
  copy = {
    port: server.port,
    handIn: (input) => handIn(hub, input),
    stop: async () => {
      hub.drain();
      await server.stop(1_000);
      await hub.close(1_000);
      log.flush();
    },
  };
  return { port: server.port };
}

async function shut(): Promise<void> {
  const opened = copy;
  copy = undefined;
  await opened?.stop();
}

answerParent({
  open,
  handIn: (input: HandInInput) => copy?.handIn(input),
  shut,
  startProfile,
  stopProfile,
  startStatementCount,
  stopStatementCount,
  close: shut,
});
