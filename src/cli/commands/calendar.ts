import { spanKinds } from '../../../contracts/calendars.ts';
import {
  addSpan,
  getCalendar,
  importCalendar,
  removeSpan,
  type SchoolCalendar,
  setCalendarZone,
} from '../../health/calendars/calendars.ts';
import { eventMeanings, type MeaningRule } from '../../health/calendars/classify.ts';
import { type Command, changing } from '../command.ts';
import { table } from '../layout.ts';
import type { Values } from '../values.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

const zoneOption = {
  zone: { value: 'zone', about: 'By which clocks the school lives, such as America/Chicago' },
} as const;

export const calendarShow: Command = {
  name: 'calendar show',
  about: 'Show a school’s terms, exams and breaks',
  options: tenantOption,
  examples: ['calendar show --tenant northfield'],
  async run({ values, open }) {
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const calendar = await hub.db.withTenant(tenantId, getCalendar);
    return { json: { calendar }, text: `Zone: ${calendar.zone}\n\n${spanTable(calendar.spans)}` };
  },
};

export const calendarZone: Command = {
  name: 'calendar zone',
  about: 'Say by which clocks a school lives; its calendar begins with that',
  options: { ...tenantOption, zone: { ...zoneOption.zone, required: true }, ...changing },
  examples: ['calendar zone --tenant northfield --zone America/Chicago'],
  async run({ values, open }) {
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const { zone } = await setCalendarZone(hub.db, tenantId, values.text('zone'), by);
    return { json: { zone }, text: `Its days are those of ${zone} from now on.` };
  },
};

export const calendarAdd: Command = {
  name: 'calendar add',
  about: 'Add a term, exams or a break to a school’s calendar',
  options: {
    ...tenantOption,
    kind: { value: 'kind', about: 'What the days are', choices: spanKinds, required: true },
    name: { value: 'text', about: 'What people call it', required: true },
    from: { value: 'date', about: 'Its first day, such as 2026-09-01', required: true },
    to: { value: 'date', about: 'Its last day', required: true },
    ...changing,
  },
  examples: [
    'calendar add --tenant northfield --kind term --name "Autumn term" --from 2026-09-01 --to 2026-12-18',
  ],
  async run({ values, open }) {
    const kind = values.choice('kind', spanKinds);
    const input = { kind, name: values.text('name'), from: values.text('from'), to: values.text('to') };
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const span = await addSpan(hub.db, tenantId, input, by);
    return { json: { span }, text: `Added ${span.kind} "${span.name}" (${span.spanId}).` };
  },
};

export const calendarRemove: Command = {
  name: 'calendar remove',
  about: 'Take a span out of a school’s calendar',
  arguments: [{ name: 'span', about: 'Its id, as calendar show has it' }],
  options: { ...tenantOption, ...changing },
  examples: ['calendar remove 0199c5a4-0000-7000-8000-000000000000 --tenant northfield'],
  async run({ values, open }) {
    const spanId = values.id('span');
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const span = await removeSpan(hub.db, tenantId, spanId, by);
    return { json: { span }, text: `Took out ${span.kind} "${span.name}".` };
  },
};

export const calendarImport: Command = {
  name: 'calendar import',
  about: 'Read terms, exams and breaks from an iCalendar file, in place of those of the import before',
  arguments: [{ name: 'file', about: 'The .ics file; - is standard input' }],
  options: {
    ...tenantOption,
    ...zoneOption,
    match: {
      value: 'meaning=text',
      about: `Events with this text mean it, in place of the usual words: ${eventMeanings.join(', ')}`,
      multiple: true,
    },
    dry: { about: 'Show what would come of it and change nothing' },
    ...changing,
  },
  examples: [
    'calendar import school.ics --tenant northfield --zone America/Chicago',
    'calendar import school.ics --tenant northfield --match term=Block --match exams=Assessment --dry',
  ],
  async run({ values, io, open }) {
    const rules = (values.optionalList('match') ?? []).map((text) => readRule(text, values));
    const text = await io.readFile(values.text('file'));
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const dry = values.flag('dry');
    const file = { text, rules, dry, zone: values.optional('zone') };
    const done = await importCalendar(hub.db, tenantId, file, by);
    const { spans, findings, passedOver, unpaired, replaced } = done;
    const lines = [
      spanTable(spans),
      '',
      `${dry ? 'Would replace' : 'Replaced'} ${replaced} spans by ${spans.length}; ${passedOver} events mean nothing here.`,
      ...(unpaired > 0 ? [`${unpaired} first or last days of terms have no other side.`] : []),
      ...findings.map(({ code, event }) => `Event ${event}: ${code}`),
    ];
    return { json: done, text: lines.join('\n') };
  },
};

/** @throws UsageError for anything but `meaning=text` */
function readRule(text: string, values: Values): MeaningRule {
  const at = text.indexOf('=');
  const meaning = eventMeanings.find((each) => each === text.slice(0, at));
  if (meaning !== undefined && at < text.length - 1) return { meaning, text: text.slice(at + 1) };
  throw values.wrong('match', `must have the form meaning=text, with one of: ${eventMeanings.join(', ')}`);
}

function spanTable(spans: SchoolCalendar['spans']): string {
  const rows = spans.map(({ spanId, kind, from, to, source, name }) => [
    spanId,
    kind,
    from,
    to,
    source,
    name,
  ]);
  return table(['ID', 'KIND', 'FROM', 'TO', 'BY', 'NAME'], rows, 'Its calendar has no days yet.');
}
