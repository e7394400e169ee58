import type { Rate } from '../../../contracts/health.ts';
import { type Html, html } from '../../platform/html.ts';
import { countWhere } from '../outcomes.ts';
import { type Column, renderBars, renderDocument, renderTable } from './document.ts';
import { type Formats, formatsOf } from './format.ts';
import type { Report, ReportLine } from './read-report.ts';
import type { ReportTexts, ReportWords } from './texts.ts';

/** What a report is headed with. */
export interface ReportHeading {
  /** Of the institution; undefined: of all of them. */
  readonly institution: string | undefined;
  readonly words: ReportWords;
}

/** The numbers of the first table, each with the month before it. */
export function summarize(report: Report, texts: ReportTexts, formats: Formats): [string, string, string][] {
  const rate = (name: string, of: (numbers: Report['now']) => Rate): [string, string, string] => [
    name,
    formats.rate(of(report.now)),
    formats.rate(of(report.before)),
  ];
  const { now, before, onTime } = report;
  return [
    [texts.ended, formats.count(now.ended), formats.count(before.ended)],
    rate(texts.failureRate, ({ failureRate }) => failureRate),
    rate(texts.firstTry, ({ firstTrySuccess }) => firstTrySuccess),
    rate(texts.attemptErrors, ({ attemptErrorRate }) => attemptErrorRate),
    [texts.amplification, formats.ratio(now.amplification), formats.ratio(before.amplification)],
    rate(texts.userErrors, ({ userErrorRate }) => userErrorRate),
    rate(texts.rejection, ({ recordRejection }) => recordRejection),
    [texts.onTime, formats.rate(onTime.now), formats.rate(onTime.before)],
  ];
}

/** The report as a page that reads on a screen, prints and can be mailed. Behind its chart stands a table. */
export function renderReport(report: Report, { institution, words }: ReportHeading): Html {
  const { texts, language, periods } = words;
  const formats = formatsOf(language, report.zone);
  const of = institution ?? texts.everyone;
  const { range, zone, month, partner } = report;
  const title = `${texts.title} ${month}: ${of}`;
  const section = (heading: string, content: Html) => html`<section><h2>${heading}</h2>${content}</section>`;
  const linesOf = (first: string, lines: readonly ReportLine[], name = (value: string) => value) =>
    lines.length === 0
      ? html`<p>${texts.nothing}</p>`
      : renderTable(
          first,
          lineColumns(first, texts),
          lines.map((line) => cellsOf(line, name, words, formats)),
        );
  const content = html`<header><h1>${of}</h1>
<p>${texts.title}, ${month}${partner !== undefined && `, ${texts.partnerAt}: ${partner}`}</p>
<p class="weak">${texts.from} ${formats.time(range.from)} ${texts.until} ${formats.time(range.to)}; ${texts.zone} ${zone}</p>
</header>
${section(
  texts.summary,
  html`${renderTable(
    texts.summary,
    [
      { title: texts.measure },
      { title: texts.thisMonth, isNumber: true },
      { title: texts.monthBefore, isNumber: true },
    ],
    summarize(report, texts, formats),
  )}<p class="weak">${texts.small}</p>`,
)}
${section(texts.byBlame, renderBlame(report, texts, formats))}
${section(texts.byDay, renderDays(report, texts, formats))}
${partner === undefined && section(texts.byPartner, linesOf(texts.partner, report.partners))}
${institution === undefined && section(texts.byInstitution, linesOf(texts.institution, report.institutions))}
${section(
  texts.byKind,
  linesOf(texts.kind, report.kinds, (kind) => kind.replaceAll('_', ' ')),
)}
${section(
  texts.byPeriod,
  linesOf(texts.period, report.periods, (period) => periods[period as keyof typeof periods]),
)}
${section(texts.incidents, renderIncidents(report, words, formats))}
${report.leadTimes !== undefined && section(texts.leadTimes, renderLeadTimes(report.leadTimes, texts, formats))}`;
  return renderDocument({ language, title, content });
}

function lineColumns(first: string, texts: ReportTexts): Column[] {
  const numbers = [texts.ended, texts.failureRate, texts.firstTry, texts.amplification, texts.userErrors];
  return [{ title: first }, ...numbers.map((title) => ({ title, isNumber: true }))];
}

function cellsOf(
  { name, numbers }: ReportLine,
  show: (value: string) => string,
  { texts, periods }: ReportWords,
  formats: Formats,
): string[] {
  const isPeriod = show('term') === periods.term;
  return [
    name === undefined ? (isPeriod ? periods.unknown : texts.none) : show(name),
    formats.count(numbers.ended),
    formats.rate(numbers.failureRate),
    formats.rate(numbers.firstTrySuccess),
    formats.ratio(numbers.amplification),
    formats.rate(numbers.userErrorRate),
  ];
}

/** Partner, hub and settings side by side, so that blame is seen and fair. */
function renderBlame({ now }: Report, texts: ReportTexts, formats: Formats): Html {
  const sides = ['partner', 'hub', 'configuration', 'unknown'] as const;
  const rows = sides.map((side) => [
    texts[side],
    formats.count(countWhere(now.outcomes, ({ failure, blame }) => failure && blame === side)),
  ]);
  return renderTable(texts.byBlame, [{ title: texts.side }, { title: texts.failed, isNumber: true }], rows);
}

function renderDays({ days }: Report, texts: ReportTexts, formats: Formats): Html {
  const bars = days.map(({ name, numbers }) => ({ label: name.slice(8), share: numbers.failureRate.share }));
  const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
  const rows = days.map(({ name, numbers: { failureRate } }) => [
    name,
    formats.count(failureRate.part),
    formats.count(failureRate.whole),
    formats.rate(failureRate),
  ]);
  const numbers = [texts.failed, texts.valid, texts.failureRate].map((title) => ({ title, isNumber: true }));
  return html`${renderBars(bars, { about: texts.chart, percent })}<p class="weak">${texts.chart}</p>
${renderTable(texts.byDay, [{ title: texts.day }, ...numbers], rows)}`;
}

function renderIncidents({ incidents }: Report, { texts, causes }: ReportWords, formats: Formats): Html {
  if (incidents.length === 0) return html`<p>${texts.noIncidents}</p>`;
  const titles = [
    texts.opened,
    texts.cause,
    texts.partner,
    texts.detected,
    texts.acknowledged,
    texts.recovered,
  ];
  const rows = incidents.map((each) => [
    formats.time(each.openedAt),
    causes[each.cause],
    each.partner ?? '–',
    formats.duration(each.detectedMs, texts),
    formats.duration(each.acknowledgedMs, texts),
    each.recoveredMs === null ? texts.open : formats.duration(each.recoveredMs, texts),
  ]);
  return renderTable(
    texts.incidents,
    titles.map((title) => ({ title })),
    rows,
  );
}

function renderLeadTimes(
  { cohorts, openAges }: NonNullable<Report['leadTimes']>,
  texts: ReportTexts,
  formats: Formats,
): Html {
  const titles = [texts.integrations, texts.median, texts.most].map((title) => ({ title, isNumber: true }));
  const rows = cohorts.map(({ month, count, p50, p85 }) => [
    month,
    formats.count(count),
    formats.duration(p50, texts),
    formats.duration(p85, texts),
  ]);
  const [oldest = null] = openAges;
  return html`${renderTable(texts.leadTimes, [{ title: texts.month }, ...titles], rows)}
<p>${texts.stillOpen}: ${formats.count(openAges.length)}, ${formats.duration(oldest, texts)}</p>`;
}
