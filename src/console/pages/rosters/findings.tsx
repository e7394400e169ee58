import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Tag } from '../../parts/tag.tsx';
import type { Tone } from '../../parts/tone.ts';
import { useUrlState } from '../../parts/url-state.ts';
import type { RunParams } from './run.tsx';

type Finding = Reply<'listFindings'>['findings'][number];
const tones: Readonly<Record<Finding['severity'], Tone>> = {
  error: 'bad',
  warning: 'warn',
  repaired: 'busy',
};

/** What a run found wrong in its source, for whoever mends it. */
export function Findings({ params }: { params: RunParams }) {
  const { text, count } = useLanguage();
  const [url, change] = useUrlState();
  const after = Number(url.after);
  const query = { limit: 50, ...(Number.isInteger(after) && after > 0 ? { after } : {}) };
  const findings = useRead('listFindings', { params, query }, { keep: true });
  const columns: Column<Finding>[] = [
    {
      key: 'code',
      header: text('findings.code'),
      cell: ({ code }) => <span className="code">{code}</span>,
      value: ({ code }) => code,
    },
    {
      key: 'severity',
      header: text('findings.severity'),
      cell: ({ severity }) => <Tag tone={tones[severity]}>{text(`severity.${severity}`)}</Tag>,
      value: ({ severity }) => severity,
    },
    {
      key: 'where',
      header: text('findings.where'),
      cell: ({ part, line, column }) =>
        [part, line, column].filter((each) => each !== null).join(' : ') || '–',
      value: ({ part, line, column }) => [part, line, column].filter((each) => each !== null).join(' : '),
    },
    {
      key: 'count',
      header: text('findings.count'),
      end: true,
      cell: (row) => count(row.count),
      value: (row) => row.count,
    },
    {
      key: 'happened',
      header: text('findings.happened'),
      cell: ({ happened, advice }) => (
        <>
          {happened} <span className="quiet">{advice}</span>
        </>
      ),
      value: ({ happened, advice }) => `${happened} ${advice}`,
    },
  ];
  return (
    <Loaded of={findings}>
      {(data) => (
        <DataTable
          name="findings"
          label={text('findings.title')}
          rows={data.findings}
          rowKey={({ findingNo }) => String(findingNo)}
          columns={columns}
          empty={text('findings.empty')}
          pager={
            <Pager
              now={url.after}
              next={data.next === null ? null : String(data.next)}
              turn={(mark) => change({ after: mark })}
            />
          }
        />
      )}
    </Loaded>
  );
}
