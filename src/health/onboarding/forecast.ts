import { type OnboardingStage, onboardingStages } from '../../../contracts/onboarding.ts';

const dayMs = 86_400_000;
/** Farther ahead nothing is said. */
const mostDays = 1_095;
/** From so few like stages nothing is forecast; from fewer than `enough` it is said that they are few. */
export const fewest = 3;
export const enough = 10;

/** How long past onboardings of a partner and kind were in a stage they have left. */
export interface StageSample {
  partner: string;
  kind: string;
  stage: OnboardingStage;
  /** Milliseconds, all times it was entered together. */
  dwell: number;
}

export interface ForecastInput {
  partner: string;
  kind: string;
  stage: OnboardingStage;
  /** Milliseconds in the stage it is in, all times together. */
  spent: number;
  /** Unix milliseconds. */
  now: number;
}

export interface Forecast {
  /** Unix milliseconds by which it is stable with a chance of 15, 50 and 85 in a hundred. */
  early: number;
  likely: number;
  late: number;
  /** Whose history it rests on; `everybody` is the weakest ground. */
  basis: 'partner_and_kind' | 'kind' | 'everybody';
  /** Samples of the stage that has the fewest. */
  samples: number;
  isSmall: boolean;
}

export type ForecastResult =
  | { kind: 'forecast'; forecast: Forecast }
  /** Too few have passed a stage that is still ahead. */
  | { kind: 'unknown'; stage: OnboardingStage; samples: number }
  /** It has been in its stage for longer than every like one: they say nothing of what comes. */
  | { kind: 'overdue'; stage: OnboardingStage; samples: number };

/** @see createForecaster */
export function forecastStable(input: ForecastInput, history: readonly StageSample[]): ForecastResult {
  return createForecaster(history)(input);
}

/**
 * When onboardings will be stable, from how long like ones took. The history is sorted once, for as many as are asked.
 *
 * Method: what each stage ahead took before, in whole days, is its distribution; that of the stage it is in is limited to
 * those that took longer than it has taken by now. The distributions are added by convolution, which is exact where stages
 * do not depend on each other (medians of stages must not be added). The range is from the 15th to the 85th of a hundred.
 * Those like it are of the same partner and kind, else of the kind, else all: the first with enough of each stage.
 */
export function createForecaster(history: readonly StageSample[]): (input: ForecastInput) => ForecastResult {
  const circles = [
    createCircle('partner_and_kind', history, ({ partner, kind }) => JSON.stringify([partner, kind])),
    createCircle('kind', history, ({ kind }) => kind),
    createCircle('everybody', history, () => ''),
  ];
  return (input) => {
    for (const { basis, readAhead, addStages } of circles) {
      const ahead = readAhead(input);
      const scarcest = ahead.reduce((a, b) => (b.dwells.length < a.dwells.length ? b : a));
      const samples = scarcest.dwells.length;
      if (samples < fewest) {
        if (basis === 'everybody') return { kind: 'unknown', stage: scarcest.stage, samples };
        continue;
      }
      const longer = (ahead[0]?.dwells ?? []).filter((dwell) => dwell > input.spent);
      if (longer.length === 0) return { kind: 'overdue', stage: input.stage, samples };
      const left = distribution(longer.map((dwell) => dwell - input.spent));
      const rest = addStages(input);
      const days = rest === undefined ? left : convolve(left, rest);
      const at = (share: number) => input.now + quantile(days, share) * dayMs;
      const ground = { basis, samples, isSmall: samples < enough };
      return { kind: 'forecast', forecast: { early: at(0.15), likely: at(0.5), late: at(0.85), ...ground } };
    }
    throw new Error('The last circle holds everybody');
  };
}

/** The history as one circle of like ones sees it. */
function createCircle(
  basis: Forecast['basis'],
  history: readonly StageSample[],
  keyOf: (of: Pick<StageSample, 'partner' | 'kind'>) => string,
) {
  const dwells = new Map<string, number[]>();
  const at = (key: string, stage: OnboardingStage) => `${stage} ${key}`;
  for (const sample of history) {
    const key = at(keyOf(sample), sample.stage);
    const known = dwells.get(key);
    if (known === undefined) dwells.set(key, [sample.dwell]);
    else known.push(sample.dwell);
  }
  const added = new Map<string, number[] | undefined>();
  /** What is still to come with the stage it is in, which is the first. */
  const readAhead = (input: ForecastInput) =>
    onboardingStages
      .slice(onboardingStages.indexOf(input.stage), -1)
      .map((stage) => ({ stage, dwells: dwells.get(at(keyOf(input), stage)) ?? [] }));
  return {
    basis,
    readAhead,
    /** How long all stages behind the one it is in take together; undefined: there are none. */
    addStages: (input: ForecastInput): number[] | undefined => {
      const key = at(keyOf(input), input.stage);
      if (!added.has(key)) {
        const each = readAhead(input)
          .slice(1)
          .map((stage) => distribution(stage.dwells));
        added.set(key, each.length === 0 ? undefined : each.reduce(convolve));
      }
      return added.get(key);
    },
  };
}

/** Chances by whole days, a day begun counting as one; what is beyond all is in the last. */
function distribution(dwells: readonly number[]): number[] {
  const days = dwells.map((dwell) => Math.min(mostDays, Math.ceil(dwell / dayMs)));
  const chances = new Array<number>(Math.max(...days) + 1).fill(0);
  for (const day of days) chances[day] = (chances[day] ?? 0) + 1 / days.length;
  return chances;
}

function convolve(a: readonly number[], b: readonly number[]): number[] {
  const sum = new Array<number>(Math.min(mostDays, a.length + b.length - 2) + 1).fill(0);
  for (const [i, chance] of a.entries()) {
    if (chance === 0) continue;
    for (const [j, other] of b.entries()) {
      const day = Math.min(mostDays, i + j);
      sum[day] = (sum[day] ?? 0) + chance * other;
    }
  }
  return sum;
}

function quantile(chances: readonly number[], share: number): number {
  let passed = 0;
  for (const [day, chance] of chances.entries()) {
    passed += chance;
    if (passed >= share - 1e-9) return day;
  }
  return chances.length - 1;
}
