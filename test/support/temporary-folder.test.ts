import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { chooseTemporaryFolder, runsPrograms } from './temporary-folder.ts';

test('the folder of a run holds for its workers, and for the runs they start', () => {
  expect(process.env.TMPDIR).toBe(tmpdir());
  expect(chooseTemporaryFolder()).toBe(tmpdir());
});

test.each([
  ['rw,nosuid,nodev', true],
  ['rw,nosuid,nodev,noexec,relatime,size=65536k', false],
])('a folder mounted %s runs programs: %s', (options, expected) => {
  const mounts = `/dev/vda / ext4 rw,noexec 0 0\nshm /dev/shm tmpfs rw 0 0\nshm /dev/shm tmpfs ${options} 0 0\n`;
  expect(runsPrograms('/dev/shm', mounts)).toBe(expected);
});

test('a folder that is not mounted by itself is not known to run programs', () => {
  expect(runsPrograms('/dev/shm', '/dev/vda / ext4 rw 0 0\n')).toBe(false);
});
