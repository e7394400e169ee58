import { openAppDatabase } from '../../../src/app/platform.ts';
import { openStorage } from '../../../src/app/storage.ts';
import { readConfig } from '../../../src/config.ts';
import { copyAll } from '../../../src/health/jobs.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { openLog } from '../../../src/platform/log.ts';
import { answerParent } from '../process/child.ts';

let stop: (() => Promise<void>) | undefined;

/** Copies what has ended, as the job of each minute does, without a pause between two minutes, until it is told to stop. */
async function start(): Promise<void> {
  const config = readConfig();
  const log = openLog({ level: 'silent' });
  const storage = await openStorage(config, () => undefined);
  const database = await openAppDatabase({ config, storage, log }, 2);
  const stopped = new AbortController();
  const work = async () => {
    while (!stopped.signal.aborted) await copyAll({ database, clock: systemClock }, stopped.signal);
  };
  const working = work();
  stop = async () => {
    stopped.abort();
    await working;
    await database.close();
    await storage.stop();
  };
}

async function finish(): Promise<void> {
  const stopping = stop;
  stop = undefined;
  await stopping?.();
}

answerParent({ start, stop: finish, close: finish });
