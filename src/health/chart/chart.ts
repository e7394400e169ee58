import type { ChartStep, HealthNumbers, SliceFilter, TimeRange } from '../../../contracts/health.ts';
import { DomainError } from '../../platform/errors.ts';
import { findCalendar } from '../calendars/calendars.ts';
import { type PeriodStretch, planStretches } from '../calendars/stretches.ts';
import { type SpanTime, spanTimes } from '../calendars/terms.ts';
import { type HealthScope, readIn } from '../metrics/health-report.ts';
import { noCounts, numbersOf } from '../metrics/numbers.ts';
import { readSeries } from '../metrics/series.ts';
import {
  type ChangeMark,
  type IncidentMark,
  listChangeMarks,
  listIncidentMarks,
  listReleaseMarks,
} from './chart-store.ts';
import { countOf, decideStep, mostPoints, planSteps } from './steps.ts';

/** All that a chart draws: numbers over time, and what may explain them. */
export interface Chart {
  readonly range: TimeRange;
  readonly step: ChartStep;
  readonly zone: string;
  readonly points: readonly (TimeRange & { isOver: boolean; numbers: HealthNumbers })[];
  readonly bands: readonly SpanTime[];
  readonly periods: readonly PeriodStretch[];
  /** The oldest first, as are incidents. */
  readonly changes: readonly ChangeMark[];
  readonly incidents: readonly IncidentMark[];
  /** Whether there are more of one or the other than are told. */
  readonly isCut: boolean;
}

export interface ChartAsked {
  readonly range: TimeRange;
  /** Undefined: the finest that is easily read. */
  readonly step: ChartStep | undefined;
  readonly filter: Omit<SliceFilter, 'period' | 'tenantId'>;
  /** Unix milliseconds. */
  readonly now: number;
}

/** Most changes, and most incidents. */
const mostMarks = 500;

/**
 * Reads a chart from roll-ups, calendars, changes and incidents. Several schools have no calendar in common: bands are of one.
 *
 * @throws DomainError input `step_too_short`
 */
export async function readChart(
  scope: HealthScope,
  { range, step = decideStep(range), filter, now }: ChartAsked,
): Promise<Chart> {
  if (countOf(step, range) > mostPoints) throw tooShort(step);
  const { db, tenantId } = scope;
  const calendar = tenantId === undefined ? undefined : await db.withTenant(tenantId, findCalendar);
  const zone = calendar?.zone ?? 'UTC';
  const stretches = planSteps(step, range, zone);
  const drawn = { from: stretches[0]?.from ?? range.from, to: range.to };
  const numbers = await readSeries(scope, stretches, filter);
  const asked = { filter, most: mostMarks + 1 };
  const own = await readIn(scope, async (tx) => ({
    changes: await listChangeMarks(tx, drawn, asked),
    incidents: await listIncidentMarks(tx, drawn, asked),
  }));
  // A school's own role does not see what the hub did to all of them.
  const releases =
    tenantId === undefined ? [] : await db.withRollup((tx) => listReleaseMarks(tx, drawn, asked.most));
  const changes = [...own.changes, ...releases].toSorted((a, b) => b.at.getTime() - a.at.getTime());
  return {
    ...{ range: drawn, step, zone },
    points: stretches.map((stretch, index) => ({
      ...stretch,
      isOver: stretch.to.getTime() <= now,
      numbers: numbers[index] ?? numbersOf(noCounts),
    })),
    bands: (calendar === undefined ? [] : spanTimes(calendar)).filter(
      ({ startsAt, endsAt }) => startsAt < drawn.to && endsAt > drawn.from,
    ),
    periods: calendar === undefined ? [] : planStretches(calendar, { from: +drawn.from, to: +drawn.to }),
    changes: changes.slice(0, mostMarks).reverse(),
    incidents: own.incidents.slice(0, mostMarks).reverse(),
    isCut: changes.length > mostMarks || own.incidents.length > mostMarks,
  };
}

function tooShort(step: ChartStep): DomainError {
  const message = `In steps of ${step} there are more than ${mostPoints} points. Ask for longer steps or a shorter time.`;
  return new DomainError('input', 'step_too_short', message, { details: { mostPoints } });
}
