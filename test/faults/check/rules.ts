import { effectOf, type ScoreBody, serialMember } from '../lms/score-body.ts';
import type { SentScore } from '../load/ledger.ts';
import type {
  ArrivedScore,
  AttemptRow,
  DeliveryRow,
  EvidencePlace,
  FinalGrade,
  LineRow,
} from './evidence.ts';

/** All that is known of one place. */
export interface PlaceEvidence {
  place: EvidencePlace;
  sent: SentScore[];
  /** By the score's timestamp. */
  rows: DeliveryRow[];
  attempts: Map<string, AttemptRow[]>;
  line: LineRow | undefined;
  arrivals: ArrivedScore[];
  grade: FinalGrade | undefined;
}

type Rule = (known: PlaceEvidence) => string[];

/** What must hold at every place, by its name. */
export const rules: Readonly<Record<string, Rule>> = {
  'an accepted score has exactly one delivery': ({ sent, rows }) =>
    sent.flatMap(({ serial, answer }) => {
      const found = rows.filter((row) => serialOf(row) === serial).length;
      const isRight = answer === 'accepted' ? found === 1 : answer === 'stale' ? found === 0 : found <= 1;
      return isRight ? [] : [`score ${serial} (${answer}) has ${found} deliveries`];
    }),

  'a delivery holds what was sent': ({ sent, rows }) =>
    rows.flatMap((row) => {
      const score = sent.find(({ serial }) => serial === serialOf(row));
      if (score === undefined) return [`delivery ${row.deliveryId} is of a score nobody sent`];
      const isSame =
        row.at === Date.parse(score.body.timestamp) &&
        effectOf(row.body as ScoreBody) === effectOf(score.body);
      return isSame ? [] : [`delivery ${row.deliveryId} differs from score ${score.serial}`];
    }),

  'a delivery ends delivered or superseded': ({ rows }) =>
    rows.flatMap(({ deliveryId, state, outcome, reason, body }) =>
      (state === 'delivered' || state === 'superseded') && outcome !== null
        ? []
        : [`delivery ${deliveryId} of score ${body?.[serialMember]} is ${state} (${reason})`],
    ),

  'attempts are numbered and counted, and the last of a delivered score succeeded': ({ rows, attempts }) =>
    rows.flatMap((row) => {
      const own = (attempts.get(row.deliveryId) ?? []).sort((a, b) => a.attempt - b.attempt);
      const numbered = own.every(({ attempt }, index) => attempt === index + 1);
      const counted = own.length === row.attempts;
      const ended = row.state !== 'delivered' || own.at(-1)?.outcome === 'success';
      if (numbered && counted && ended) return [];
      const list = own.map(({ attempt, outcome }) => `${attempt} ${outcome}`).join(', ');
      return [
        `delivery ${row.deliveryId} (${row.state}) says ${row.attempts} attempts and has: ${list || 'none'}`,
      ];
    }),

  'nothing waits on a line': ({ line, rows }) => {
    if (line === undefined) return rows.length === 0 ? [] : ['deliveries without a line'];
    const newest = rows.at(-1)?.at;
    return [
      ...(line.pending === 0 && !line.isOpen ? [] : [`${line.pending} pending, open: ${line.isOpen}`]),
      ...(newest === line.newestAt
        ? []
        : [`the line's newest is ${line.newestAt}, the newest delivery ${newest}`]),
    ];
  },

  'the gradebook shows the last accepted score': ({ sent, rows, grade, place }) => {
    const last = rows.at(-1);
    const promised = sent.filter(({ answer }) => answer === 'accepted').at(-1);
    if (last === undefined)
      return promised === undefined && grade === undefined ? [] : ['a grade without a delivery'];
    if (last.state !== 'delivered') return [`the last delivery is ${last.state}`];
    if (promised !== undefined && last.at < Date.parse(promised.body.timestamp))
      return ['the last promised score is gone'];
    const wanted = effectOf(last.body as ScoreBody);
    if (grade === undefined || grade.effect !== wanted)
      return [`shown ${grade?.effect}, should be ${wanted}`];
    const isOnTime = place.policy === 'by_second' ? grade.at >= last.at : grade.at === last.at;
    return isOnTime ? [] : [`its timestamp is ${grade.at} and should be ${last.at}`];
  },

  'timestamps of what the LMS took strictly increase': ({ arrivals }) => {
    const taken = arrivals.filter(({ applied }) => applied);
    return taken.flatMap((score, index) => {
      const before = taken[index - 1];
      // The very same again is the same grade, if not a pretty one.
      if (
        before === undefined ||
        before.at < score.at ||
        (before.at === score.at && before.effect === score.effect)
      )
        return [];
      return [`score ${score.serial} at ${score.at} came after score ${before.serial} at ${before.at}`];
    });
  },

  'scores are taken in the order of the tool': ({ arrivals }) => {
    const taken = arrivals.filter(({ applied }) => applied);
    return taken.flatMap(({ serial }, index) =>
      serial >= (taken[index - 1]?.serial ?? 0)
        ? []
        : [`score ${serial} was taken after score ${taken[index - 1]?.serial}`],
    );
  },

  'what the LMS took is what was accepted': ({ arrivals, sent, rows }) =>
    arrivals.flatMap(({ serial, effect, applied }) => {
      if (!applied) return [];
      const score = sent.find((one) => one.serial === serial);
      if (score === undefined || !rows.some((row) => serialOf(row) === serial))
        return [`score ${serial} was never accepted`];
      return effectOf(score.body) === effect ? [] : [`score ${serial} was changed to ${effect}`];
    }),

  'what counts as delivered was taken': ({ rows, arrivals }) =>
    rows.flatMap((row) => {
      const taken = arrivals.some(({ serial, applied }) => applied && serial === serialOf(row));
      return row.state !== 'delivered' || taken ? [] : [`score ${serialOf(row)} never reached the gradebook`];
    }),

  'only a score that says the same of progress takes the place of another': ({ rows, arrivals }) =>
    rows.flatMap((row, index) => {
      const newer = rows[index + 1];
      if (row.state !== 'superseded') return [];
      if (newer === undefined) return [`score ${serialOf(row)} is superseded and the newest`];
      const taken = arrivals.some(({ serial, applied }) => applied && serial === serialOf(row));
      return taken || saysTheSame(row, newer)
        ? []
        : [`score ${serialOf(row)} was left out before ${serialOf(newer)}`];
    }),
};

function serialOf({ body }: DeliveryRow): number | undefined {
  return body?.[serialMember];
}

function saysTheSame({ body: older }: DeliveryRow, { body: newer }: DeliveryRow): boolean {
  return (
    older?.activityProgress === newer?.activityProgress &&
    older?.gradingProgress === newer?.gradingProgress &&
    older?.submission === undefined &&
    newer?.submission === undefined
  );
}
