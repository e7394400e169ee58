import type { ScoreBody } from '../lms/score-body.ts';

/** A score the tool has sent, and what it knows of it. */
export interface SentScore {
  place: string;
  serial: number;
  body: ScoreBody;
  /** `accepted`: 2xx came. `stale`: 409 came, a newer one having been sent beside it. `unknown`: no answer ever came. */
  answer: 'accepted' | 'stale' | 'unknown';
}

/** What the tool remembers. */
export interface Ledger {
  readonly scores: readonly SentScore[];
  /** Answers that no rule of AGS or of the hub explains. */
  readonly surprises: readonly string[];
  readonly accepted: number;
  send(place: string, body: ScoreBody, serial: number): SentScore;
  accept(score: SentScore): void;
  refuse(score: SentScore): void;
  surprise(text: string): void;
}

export function createLedger(): Ledger {
  const scores: SentScore[] = [];
  const surprises: string[] = [];
  let accepted = 0;
  return {
    scores,
    surprises,
    get accepted() {
      return accepted;
    },
    send: (place, body, serial) => {
      const score: SentScore = { place, serial, body, answer: 'unknown' };
      scores.push(score);
      return score;
    },
    accept: (score) => {
      if (score.answer !== 'accepted') accepted += 1;
      score.answer = 'accepted';
    },
    refuse: (score) => {
      score.answer = 'stale';
    },
    surprise: (text) => void surprises.push(text),
  };
}
