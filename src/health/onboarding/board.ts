import { type OnboardingStage, onboardingStages } from '../../../contracts/onboarding.ts';
import { createCache } from '../../platform/cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import { type BoardQuery, type BoardRow, listBoardPage, type StageCount } from './board-store.ts';
import { sumDwell } from './dwell.ts';
import {
  createForecaster,
  type ForecastInput,
  type ForecastResult,
  forecastStable,
  type StageSample,
} from './forecast.ts';
import { readSamples, samplesOf } from './onboardings.ts';

export type { BoardQuery } from './board-store.ts';

/** How a promised day stands against the forecast; null: nothing is promised. */
export type Outlook = 'on_time' | 'at_risk' | 'overdue' | 'unknown' | null;

export interface BoardEntry extends Omit<BoardRow, 'entries'> {
  /** Milliseconds in the stage it is in, all times together. */
  dwellMs: number;
  forecast: ForecastResult;
  outlook: Outlook;
}

interface Board {
  rows: BoardEntry[];
  stages: (Omit<StageCount, 'typicalAgeMs'> & { typicalAgeMs: number | null })[];
}

/** What has passed says the same for a while, and takes longer to read than all else. */
const historyLifeMs = 5 * 60_000;

/**
 * Reads what is under way at every institution. One row more than the limit may come, which tells that there is a next
 * page.
 */
export function createBoardReader(
  db: Pick<Database, 'withRollup'>,
  clock: Clock,
): (query: BoardQuery) => Promise<Board> {
  const histories = createCache<History>({ capacity: 1, timeToLiveMs: historyLifeMs, clock });
  const readHistory = async (): Promise<History> => {
    const samples = await readSamples(db, clock.now());
    return { samples, forecast: createForecaster(samples) };
  };
  return async (query) => {
    const [{ rows, stages }, history] = await Promise.all([
      db.withRollup((tx) => listBoardPage(tx, query)),
      histories.get('all', readHistory),
    ]);
    return {
      rows: rows.map((row) => decideEntry(row, history, query.now)),
      stages: onboardingStages
        .filter((stage) => stage !== 'stable')
        .map(
          (stage) =>
            stages.find((each) => each.stage === stage) ?? { stage, open: 0, overdue: 0, typicalAgeMs: null },
        ),
    };
  };
}

interface History {
  samples: readonly StageSample[];
  forecast: (input: ForecastInput) => ForecastResult;
}

function decideEntry({ entries, ...row }: BoardRow, history: History, now: number): BoardEntry {
  const { partner, kind, stage } = row;
  const dwellMs = sumDwell(entries, now).stages[stage] ?? 0;
  const input = { partner, kind, stage, spent: dwellMs, now };
  // Its own past is no sample of what comes: one that was sent back has passed stages that are ahead of it again.
  const own = samplesOf([{ partner, kind, entries }]).filter((each) => isAhead(each.stage, stage));
  const forecast =
    own.length === 0 ? history.forecast(input) : forecastStable(input, leaveOut(history.samples, own));
  return { ...row, dwellMs, forecast, outlook: decideOutlook(row, forecast) };
}

function leaveOut(samples: readonly StageSample[], own: readonly StageSample[]): StageSample[] {
  const isOwn = (sample: StageSample) =>
    own.some(
      ({ partner, kind, stage, dwell }) =>
        sample.dwell === dwell &&
        sample.stage === stage &&
        sample.partner === partner &&
        sample.kind === kind,
    );
  return samples.filter((sample) => !isOwn(sample));
}

function isAhead(stage: OnboardingStage, now: OnboardingStage): boolean {
  return onboardingStages.indexOf(stage) >= onboardingStages.indexOf(now);
}

/** Whether a promised day will be kept, as far as can be told. */
export function decideOutlook(
  { promisedOn, isOverdue }: Pick<BoardRow, 'promisedOn' | 'isOverdue'>,
  result: ForecastResult,
): Outlook {
  if (promisedOn === null) return null;
  if (isOverdue) return 'overdue';
  if (result.kind === 'unknown') return 'unknown';
  // It takes longer than all before it, so that even the latest of them says nothing good.
  if (result.kind === 'overdue') return 'at_risk';
  const likely = new Date(result.forecast.likely).toISOString().slice(0, 10);
  return likely > promisedOn ? 'at_risk' : 'on_time';
}
