import { type Ask, isSameAsk } from './walk.ts';

/** A page that was asked for. */
export interface PageAhead<Answer> {
  readonly ask: Ask;
  readonly answer: Promise<Answer>;
  /** Whether another was on its way at the same time. */
  isBeside(): boolean;
}

/** Pages that are asked for before they are due. */
export interface PagesAhead<Answer> {
  /** Asks for these pages where they are not under way; of others that are, the answers are dropped. */
  want(asks: readonly Ask[]): void;
  /** The page of a question, asked now where it is not under way. */
  take(ask: Ask): PageAhead<Answer>;
  /** Once all that is under way has come or failed; it is dropped. */
  settle(): Promise<void>;
}

export function createPagesAhead<Answer>(askFor: (ask: Ask) => Promise<Answer>): PagesAhead<Answer> {
  const underWay = new Set<{ isBeside: boolean; call: Promise<unknown> }>();
  let wanted: readonly PageAhead<Answer>[] = [];

  function begin(ask: Ask): PageAhead<Answer> {
    const answer = askFor(ask);
    const entry = { isBeside: underWay.size > 0, call: answer as Promise<unknown> };
    for (const other of underWay) other.isBeside = true;
    underWay.add(entry);
    const end = () => void underWay.delete(entry);
    // What has failed is told to whoever takes that page; nobody may.
    entry.call = answer.then(end, end);
    return { ask, answer, isBeside: () => entry.isBeside };
  }

  const take = (ask: Ask) => wanted.find((page) => isSameAsk(page.ask, ask)) ?? begin(ask);
  return {
    want(asks) {
      wanted = asks.map(take);
    },
    take,
    async settle() {
      wanted = [];
      await Promise.all([...underWay].map(({ call }) => call));
    },
  };
}
