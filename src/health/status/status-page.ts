import { type Html, html } from '../../platform/html.ts';
import { renderBars, renderDocument, renderTable } from '../reports/document.ts';
import { formatsOf } from '../reports/format.ts';
import type { ReportWords } from '../reports/texts.ts';
import type { Status } from './read-status.ts';

/** A status page, which needs no script. @param name of the institution or partner it is of */
export function renderStatus(status: Status, name: string, { language, texts, causes }: ReportWords): Html {
  const formats = formatsOf(language, 'UTC');
  const states = {
    good: texts.statusGood,
    trouble: texts.statusTrouble,
    down: texts.statusDown,
    quiet: texts.statusQuiet,
  };
  const { at, state, lastDay, days, incidents } = status;
  const bars = days.map(({ date, numbers }) => ({ label: date.slice(5), share: numbers.failureRate.share }));
  const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
  const rows = days
    .toReversed()
    .map(({ date, numbers: { failureRate } }) => [
      date,
      failureRate.whole === 0 ? texts.statusUnknownDay : formats.rate(failureRate),
    ]);
  const told = incidents.map((each) => [
    formats.time(each.openedAt),
    causes[each.cause],
    each.recoveredMs === null ? texts.open : formats.duration(each.recoveredMs, texts),
  ]);
  const titles = [texts.opened, texts.cause, texts.recovered].map((title) => ({ title }));
  const content = html`<header><h1>${name}</h1><p>${texts.status}</p></header>
<section><h2>${texts.statusNow}</h2><p class="state">${states[state]}</p>
<p>24 h: ${texts.failureRate} ${formats.rate(lastDay.failureRate)}, ${texts.firstTry} ${formats.rate(lastDay.firstTrySuccess)}</p>
<p class="weak">${texts.statusAsOf} ${formats.time(at)} UTC</p></section>
<section><h2>${texts.statusIncidents}</h2>${
    told.length === 0 ? html`<p>${texts.noIncidents}</p>` : renderTable(texts.incidents, titles, told)
  }</section>
<section><h2>${texts.statusDays}</h2>${renderBars(bars, { about: texts.chart, percent })}
<p class="weak">${texts.chart}</p>
${renderTable(texts.statusDays, [{ title: texts.day }, { title: texts.failureRate, isNumber: true }], rows)}</section>`;
  return renderDocument({ language, title: `${texts.status}: ${name}`, content });
}
