import { expect, test } from 'vitest';
import { createPasswords } from '../../../src/operators/passwords/hashing.ts';

const cost = { memoryCost: 64, timeCost: 1 };

test('a password fits its own hash alone, however its letters are composed', async () => {
  const passwords = createPasswords({ cost });
  const hash = await passwords.hash('Ame\u0301lie rides a bike');
  expect(hash).toMatch(/^\$argon2id\$/);
  expect(await passwords.verify(hash, 'Am\u00e9lie rides a bike')).toBe(true);
  expect(await passwords.verify(hash, 'Amelie rides a bike')).toBe(false);
});

test('without an account the answer is no, also for the password that stands in for one', async () => {
  const passwords = createPasswords({ cost });
  expect(await passwords.verify(undefined, 'nobody has this password')).toBe(false);
  expect(await passwords.verify(null, 'anything')).toBe(false);
});

test('what is not asked for costs as much as OWASP asks for at least', async () => {
  expect(await createPasswords().hash('correct horse')).toContain('$m=19456,t=2,p=1$');
});

test('few are checked at once, some wait, and more are turned away', async () => {
  const passwords = createPasswords({ cost, atOnce: 1, waiting: 2 });
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => passwords.hash('correct horse')));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  const refused = results.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
  expect(refused).toEqual(['sign_in_busy', 'sign_in_busy']);
  expect(await passwords.hash('correct horse')).toMatch(/^\$argon2id\$/);
});
