import type { Reply } from '../../api/contracts.ts';
import type { Formats } from '../../i18n/formats.ts';
import { createWord, hasCountedText, type TextKey, type Translate } from '../../i18n/translate.ts';

export type Check = Reply<'showReadiness'>['checks'][number];

/** Facts that are shares of one. */
const shares: ReadonlySet<string> = new Set(['created', 'removed', 'oldCreated', 'oldRemoved']);

/** What is to be done about a check in the language in force; in the hub's own words where this page knows none. */
export function sayTodo(
  { text, percent, day, count }: Pick<Formats, 'percent' | 'day' | 'count'> & { text: Translate },
  { check, state, facts, todo }: Check,
): string | null {
  if (todo === null) return null;
  const key = `todo.${check}.${'held' in facts ? 'held' : state}`;
  if (!hasCountedText(key)) return todo;
  const word = createWord(text);
  const say = (name: string, value: string | number) => {
    if (name === 'count') return value;
    if (name === 'day') return day(String(value));
    if (name === 'thing') return word('ending', String(value));
    if (name === 'entity') return word('entity', String(value));
    if (typeof value === 'string') return value;
    return shares.has(name) ? percent(value) : count(value);
  };
  const said = Object.entries(facts).map(([name, value]) => [name, say(name, value)]);
  return text(key as TextKey, Object.fromEntries(said));
}
