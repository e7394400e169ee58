import type { SpanKind } from '../../../contracts/calendars.ts';
import type { NewSpan } from '../../../contracts/spans.ts';
import type { Occurrence } from './ical.ts';

/** What an event of a school's calendar says; the first and last day of a term often stand there alone. */
export const eventMeanings = ['term', 'exams', 'break', 'term_start', 'term_end'] as const;
export type EventMeaning = (typeof eventMeanings)[number];

/** Events whose words contain a text, in any case, mean this. */
export interface MeaningRule {
  text: string;
  meaning: EventMeaning;
}

const termWord = '(term|semester|trimester|quarter|school year|school|classes|instruction)';
/** In the order they are asked: "first day after winter break" begins no term. */
const usual: readonly [RegExp, EventMeaning][] = [
  [
    /\b(break|holidays?|vacation|recess|no school|school closed|half[- ]term|\w*ferien|vacances|vacaciones)\b/i,
    'break',
  ],
  [/\b(exams?|examinations?|finals|final assessments?|klausuren|prüfungen|ex[aá]menes|examens)\b/i, 'exams'],
  [new RegExp(`\\b(first day|start|beginning) of (the )?([\\w-]+ ){0,2}${termWord}\\b`, 'i'), 'term_start'],
  [new RegExp(`\\b${termWord}( \\d)? (begins|starts)\\b`, 'i'), 'term_start'],
  [new RegExp(`\\b(last day|end) of (the )?([\\w-]+ ){0,2}${termWord}\\b`, 'i'), 'term_end'],
  [new RegExp(`\\b${termWord}( \\d)? ends\\b`, 'i'), 'term_end'],
  [/\b(term|semester|trimester|quarter|halbjahr|trimestre|semestre)\b/i, 'term'],
];

export interface Classified {
  spans: NewSpan[];
  /** Events that mean nothing here: plays, meetings and the like. */
  passedOver: number;
  /** First days of terms of which no last day follows, and the other way round. */
  unpaired: number;
}

/** What the events of a file mean: by the rules given, and where there are none by the usual words. */
export function planSpans(occurrences: readonly Occurrence[], rules: readonly MeaningRule[]): Classified {
  const spans: NewSpan[] = [];
  const edges: (Occurrence & { meaning: 'term_start' | 'term_end' })[] = [];
  let passedOver = 0;
  for (const occurrence of occurrences) {
    const meaning = decideMeaning(occurrence, rules);
    if (meaning === undefined) passedOver += 1;
    else if (meaning === 'term_start' || meaning === 'term_end') edges.push({ ...occurrence, meaning });
    else spans.push(toSpan(meaning, occurrence.summary, occurrence.from, occurrence.to));
  }
  const { terms, unpaired } = pair(edges);
  const byKey = new Map([...spans, ...terms].map((span) => [JSON.stringify(span), span]));
  const inOrder = [...byKey.values()].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  return { spans: inOrder, passedOver, unpaired };
}

/** What one event means; undefined for nothing that matters here. */
export function decideMeaning(
  { summary, categories }: Pick<Occurrence, 'summary' | 'categories'>,
  rules: readonly MeaningRule[],
): EventMeaning | undefined {
  const words = [summary, ...categories].join(' ');
  if (rules.length > 0) {
    const lower = words.toLowerCase();
    return rules.find(({ text }) => lower.includes(text.toLowerCase()))?.meaning;
  }
  return usual.find(([pattern]) => pattern.test(words))?.[1];
}

/** A first day with the next last day, where no other first day stands between them. */
function pair(edges: readonly (Occurrence & { meaning: 'term_start' | 'term_end' })[]) {
  const inOrder = [...edges].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const terms: NewSpan[] = [];
  let open: Occurrence | undefined;
  let unpaired = 0;
  for (const edge of inOrder) {
    if (edge.meaning === 'term_start') {
      if (open !== undefined) unpaired += 1;
      open = edge;
    } else if (open === undefined) {
      unpaired += 1;
    } else {
      terms.push(toSpan('term', open.summary, open.from, edge.to));
      open = undefined;
    }
  }
  return { terms, unpaired: unpaired + (open === undefined ? 0 : 1) };
}

function toSpan(kind: SpanKind, summary: string, from: string, to: string): NewSpan {
  const name = summary.trim();
  return { kind, name: name === '' ? kind : name, from, to };
}
