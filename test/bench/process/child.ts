/** Answers one kind of question. */
export type Answerer = (input: never) => unknown;

interface Question {
  id: number;
  question: string;
  input: unknown;
}

/**
 * Answers what the benchmark asks, until it closes the channel or is gone: a child never outlives it.
 *
 * @param answerers by the name of the question; `close` among them
 */
export function answerParent(answerers: Readonly<Record<string, Answerer>> & { close: Answerer }): void {
  process.on('message', async ({ id, question, input }: Question) => {
    try {
      const answerer = answerers[question];
      if (answerer === undefined) throw new Error(`Nobody answers "${question}"`);
      process.send?.({ id, answer: await answerer(input as never) });
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? String(error.stack) : String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
}
