import { spanKinds } from '../../../../contracts/calendars.ts';
import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { planDrawn } from './marks.ts';

/** What bands and marks of the chart mean: those that there are. */
export function ChartLegend({ chart }: { chart: Reply<'tenantHealthChart'> }) {
  const { text, count } = useLanguage();
  const { bands, changes, incidents, isCut } = chart;
  const kinds = spanKinds.filter((kind) => bands.some((band) => band.kind === kind));
  if (kinds.length + changes.length + incidents.length === 0) return null;
  return (
    <ul className="chart-legend">
      {kinds.map((kind) => (
        <li key={kind}>
          <span className={`swatch swatch-${kind}`} aria-hidden="true" />
          {text(`span.${kind}`)}
        </li>
      ))}
      {changes.length > 0 && (
        <li>
          <span className="swatch-sign" aria-hidden="true">
            ◆
          </span>
          {text('chart.changes', { count: changes.length, shown: count(changes.length) })}
          {planDrawn(chart).changes.length < changes.length && `, ${text('chart.changes.some')}`}
        </li>
      )}
      {incidents.length > 0 && (
        <li>
          <span className="swatch swatch-incident" aria-hidden="true" />
          {text('chart.incidents', { count: incidents.length, shown: count(incidents.length) })}
        </li>
      )}
      {isCut && <li>{text('chart.marks.cut')}</li>}
    </ul>
  );
}
