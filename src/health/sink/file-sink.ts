import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '../../platform/errors.ts';
import type { Sink } from './sink.ts';

/** Files in a folder. A file has its name once all of it is on the disk: until then it ends in `.part`. */
export function createFileSink(folder: string): Sink {
  return {
    name: 'files',
    put: async ({ name, body }) => {
      const file = path.join(folder, ...name.split('/'));
      // Of each copy its own: two that write the same do not disturb each other.
      const part = `${file}.${process.pid}.part`;
      try {
        await mkdir(path.dirname(file), { recursive: true });
        const handle = await open(part, 'w', 0o640);
        try {
          await handle.writeFile(body);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(part, file);
      } catch (cause) {
        await rm(part, { force: true }).catch(() => undefined);
        const message = 'The folder of the sink cannot be written. Check its rights and its free space.';
        throw new DomainError('upstream', 'sink_folder_unwritable', message, { cause });
      }
    },
  };
}
