import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createCommandLine } from '../command-line.ts';

const testDatabase = await createTestDatabase();
const { done, hub } = createCommandLine(testDatabase);

test('signing keys are rotated, listed and revoked', async () => {
  const { changes } = await done('keys', 'rotate', '--immediately', '--reason', 'test');
  const kid = changes.find((change: { to: string }) => change.to === 'signing').kid;
  expect((await done('keys', 'list')).keys).toContainEqual(
    expect.objectContaining({ kid, state: 'signing' }),
  );
  await done('keys', 'revoke', kid);
  expect((await done('keys', 'list')).keys).toContainEqual(
    expect.objectContaining({ kid, state: 'revoked' }),
  );
  const { out } = await hub(['keys', 'list']);
  expect(out).not.toMatch(/"d"|PRIVATE/);
  expect(await hub(['keys', 'revoke', 'nobody'])).toMatchObject({ exitCode: 1 });
});
