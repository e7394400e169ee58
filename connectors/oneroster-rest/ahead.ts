import { type Ask, isSameAsk } from './paging.ts';

/** Pages that are asked for before they are due. */
export interface PagesAhead<Answer> {
  /** Asks for these pages where they are not under way; of others that are, the answers are dropped. */
  want(asks: readonly Ask[]): void;
  /** The answer to a question, asked now where it is not under way. */
  take(ask: Ask): Promise<Answer>;
}

export function createPagesAhead<Answer>(askFor: (ask: Ask) => Promise<Answer>): PagesAhead<Answer> {
  let underWay: readonly { ask: Ask; answer: Promise<Answer> }[] = [];
  const find = (ask: Ask) => underWay.find((page) => isSameAsk(page.ask, ask))?.answer;
  return {
    want(asks) {
      underWay = asks.map((ask) => {
        const answer = find(ask) ?? askFor(ask);
        // Told to whoever takes that page; nobody may.
        answer.catch(() => undefined);
        return { ask, answer };
      });
    },
    take: (ask) => find(ask) ?? askFor(ask),
  };
}
