import { type AccountState, decideAccountState, stateAttributes } from './account-state.ts';
import type { DirectoryClient } from './client.ts';
import { personAttributes, readSubject, subjectsFilter } from './person.ts';
import type { DirectorySettings } from './settings.ts';

/** `gone`: no entry has this key any more below the base and under the conditions. */
export type SubjectState = AccountState | 'gone';

/** Keys in one filter: servers limit its length. */
const subjectsAtOnce = 50;

/**
 * Whether the accounts behind many sessions may still be used. A subject that is not answered here was not found out: a directory
 * that fails ends nobody's session.
 *
 * @param now Unix milliseconds
 * @throws DirectoryError
 */
export async function readAccountStates(
  client: DirectoryClient,
  settings: DirectorySettings,
  subjects: readonly string[],
  now: number,
): Promise<Map<string, SubjectState>> {
  const states = new Map<string, SubjectState>();
  const wanted = [...new Set(subjects)];
  const [key = ''] = personAttributes(settings);
  const attributes = [key, ...stateAttributes[settings.kind]];
  for (let first = 0; first < wanted.length; first += subjectsAtOnce) {
    const some = wanted.slice(first, first + subjectsAtOnce);
    const filter = subjectsFilter(settings, some);
    const request = { base: settings.base, scope: 'sub' as const, attributes };
    const entries =
      filter === undefined ? [] : await client.searchAll({ ...request, filter }, 2 * some.length);
    for (const subject of some) states.set(subject, 'gone');
    for (const entry of entries) {
      const subject = readSubject(entry, settings);
      if (subject !== undefined && states.has(subject)) {
        states.set(subject, decideAccountState(entry, settings.kind, now));
      }
    }
  }
  return states;
}
