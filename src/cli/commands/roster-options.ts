import { profiles, type RolloverPolicy } from '../../../contracts/sync.ts';
import { defined } from '../../platform/defined.ts';
import type { Schedule } from '../../sync/schedule/schedule.ts';
import type { RosterChanges, RosterSource } from '../../sync/sources/source.ts';
import type { OptionSpec } from '../command.ts';
import type { Values } from '../values.ts';

const allowances = [
  'removedPercent',
  'removedFloor',
  'fewRemovedFloor',
  'schoolRemovedPercent',
  'schoolRemovedFloor',
  'grownPercent',
  'grownFloor',
] as const;

const yesNo = ['yes', 'no'] as const;

/** What can be said of a roster beside its connector's settings. */
export const sourceOptions = {
  profile: {
    value: 'profile',
    about: 'Repair and report, or reject what the binding forbids; tolerant by default',
    choices: profiles,
  },
  demographics: { value: 'yes|no', about: 'Read demographics too; no by default', choices: yesNo },
  school: {
    value: 'sourcedId',
    about: 'A school that is shared; all of them if not given',
    multiple: true,
  },
  zone: { value: 'zone', about: 'The time zone of the schedule, such as Europe/Berlin' },
  'full-at': { value: 'cron', about: 'When everything is read, such as "30 2 * * *"' },
  'delta-at': { value: 'cron', about: 'When changes are read, between full runs' },
  quiet: { value: 'from-to', about: 'Hours in which nothing begins, such as 07:00-16:00', multiple: true },
  rollover: {
    value: 'from..to=what',
    about: 'Days between school years: 2027-07-01..2027-08-31=no_removals, or =pause',
    multiple: true,
  },
  threshold: {
    value: 'name=number',
    about: `What passes unseen: ${allowances.join(', ')}`,
    multiple: true,
  },
  'wider-percent': { value: 'number', about: 'A wider allowance for removals, in percent, until a moment' },
  'wider-floor': { value: 'number', about: 'The same in rows' },
  'wider-until': { value: 'time', about: 'When it ends, such as 2027-02-01T06:00Z' },
  'removals-only': {
    value: 'yes|no',
    about: 'Creations and changes flow while removals are held; no by default',
    choices: yesNo,
  },
  'grace-days': { value: 'days', about: 'How long something removed is kept; 30 by default' },
  'plan-days': { value: 'days', about: 'How long a plan waits for somebody; 7 by default' },
} as const satisfies Record<string, OptionSpec>;

/** What only a change can say: it takes back. */
export const takingBack = {
  'all-schools': { about: 'Share all schools' },
  'no-schedule': { about: 'Run only when asked' },
  'no-rollover': { about: 'Forget the days between school years' },
  'no-wider': { about: 'End the wider allowance' },
} as const satisfies Record<string, OptionSpec>;

type Before = Pick<RosterSource, 'schedule' | 'thresholds'>;

/**
 * What was given of a roster, and nothing else; what is made of several parts keeps those not given.
 *
 * @param before the roster as it is, where there is one
 * @throws UsageError for what cannot be meant
 */
export function readSource(values: Values, before: Before | undefined): RosterChanges {
  return defined({
    name: values.optional('name'),
    profile: values.optionalChoice('profile', profiles),
    demographics: values.optionalYesNo('demographics'),
    schools: takenBack(values, 'all-schools', 'school', null, values.optionalList('school')),
    schedule: takenBack(
      values,
      'no-schedule',
      'full-at',
      null,
      readSchedule(values, before?.schedule ?? null),
    ),
    rollovers: takenBack(values, 'no-rollover', 'rollover', [], readRollovers(values)),
    thresholds: readThresholds(values, before?.thresholds),
    holdsRemovalsOnly: values.optionalYesNo('removals-only'),
    graceDays: values.optionalNumber('grace-days'),
    planDays: values.optionalNumber('plan-days'),
  });
}

function takenBack<T, Empty>(
  values: Values,
  flag: string,
  option: string,
  empty: Empty,
  value: T | undefined,
): T | Empty | undefined {
  if (!values.flag(flag)) return value;
  if (value === undefined) return empty;
  throw values.wrong(flag, `and --${option} exclude each other`);
}

function readSchedule(values: Values, before: Schedule | null): RosterChanges['schedule'] {
  const [zone, full, delta] = [
    values.optional('zone'),
    values.optional('full-at'),
    values.optional('delta-at'),
  ];
  const quiet = values.optionalList('quiet')?.map((text) => {
    const [, from, to] = /^(\d{2}:\d{2})-(\d{2}:\d{2})$/.exec(text) ?? [];
    if (from === undefined || to === undefined) throw values.wrong('quiet', 'must have the form 07:00-16:00');
    return { from, to };
  });
  const parts = defined({ zone, full, delta, quiet });
  if (Object.keys(parts).length === 0) return undefined;
  const merged = { ...before, ...parts };
  if (merged.zone === undefined)
    throw values.wrong('zone', 'is missing: a schedule is in the school’s own time');
  if (merged.full === undefined && merged.delta === undefined) {
    throw values.wrong('full-at', 'or --delta-at is missing: say when to run');
  }
  return { ...merged, zone: merged.zone };
}

function readRollovers(values: Values): RosterChanges['rollovers'] {
  return values.optionalList('rollover')?.map((text) => {
    const [, from, to, policy] = /^([\d-]{10})\.\.([\d-]{10})=(pause|no_removals)$/.exec(text) ?? [];
    if (from === undefined || to === undefined || policy === undefined) {
      throw values.wrong('rollover', 'must have the form 2027-07-01..2027-08-31=pause, or =no_removals');
    }
    return { from, to, policy: policy as RolloverPolicy };
  });
}

function readThresholds(
  values: Values,
  before: Before['thresholds'] | undefined,
): RosterChanges['thresholds'] {
  const pairs = Object.entries(values.optionalPairs('threshold') ?? {}).map(([name, text]) => {
    const known = allowances.find((each) => each === name);
    if (known === undefined) throw values.wrong('threshold', `must be one of: ${allowances.join(', ')}`);
    if (!/^\d{1,9}(\.\d+)?$/.test(text)) throw values.wrong('threshold', `${name} must be a number`);
    return [known, Number(text)] as const;
  });
  const wider = readWider(values);
  if (pairs.length === 0 && wider === undefined) return undefined;
  const { wider: kept, ...rest } = before ?? {};
  const merged = { ...rest, ...Object.fromEntries(pairs) };
  const widest = wider === undefined ? kept : wider;
  return widest === undefined || widest === null ? merged : { ...merged, wider: widest };
}

/** @returns null where it is to end */
function readWider(values: Values) {
  const [percent, floor] = [values.optionalNumber('wider-percent'), values.optionalNumber('wider-floor')];
  const until = values.optional('wider-until');
  const isGiven = percent !== undefined || floor !== undefined || until !== undefined;
  if (values.flag('no-wider')) {
    if (isGiven) throw values.wrong('no-wider', 'and --wider-percent exclude each other');
    return null;
  }
  if (!isGiven) return undefined;
  if (percent === undefined || until === undefined) {
    throw values.wrong('wider-percent', 'and --wider-until belong together: what was agreed to has to end');
  }
  return { removedPercent: percent, removedFloor: floor ?? 0, until };
}
