import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import { When } from '../../parts/when.tsx';

type Queue = Reply<'listQueues'>['queues'][number];

/** Background work: what waits, is under way and was given up. */
export function JobsPage() {
  const { text, count } = useLanguage();
  const queues = useRead('listQueues', {}, { every: 15_000 });
  const number = (key: 'waiting' | 'later' | 'active'): Column<Queue> => ({
    key,
    header: text(`jobs.${key}`),
    end: true,
    cell: (row) => count(row[key]),
    value: (row) => row[key],
  });
  const columns: Column<Queue>[] = [
    {
      key: 'queue',
      header: text('jobs.queue'),
      cell: ({ queue }) => <span className="code">{queue}</span>,
      value: ({ queue }) => queue,
    },
    number('waiting'),
    number('active'),
    number('later'),
    {
      key: 'failed',
      header: text('jobs.failed'),
      end: true,
      cell: ({ failed }) => (failed === 0 ? '0' : <Tag tone="bad">{count(failed)}</Tag>),
      value: ({ failed }) => failed,
    },
    {
      key: 'oldestWaiting',
      header: text('grades.oldest'),
      cell: ({ oldestWaiting }) => <When at={oldestWaiting} relative />,
      value: ({ oldestWaiting }) => oldestWaiting,
    },
    {
      key: 'lastDoneAt',
      header: text('jobs.lastDone'),
      cell: ({ lastDoneAt }) => <When at={lastDoneAt} relative />,
      value: ({ lastDoneAt }) => lastDoneAt,
    },
    {
      key: 'schedule',
      header: text('jobs.schedule'),
      cell: ({ schedule }) => (schedule === null ? '–' : <span className="code">{schedule}</span>),
      value: ({ schedule }) => schedule,
    },
  ];
  return (
    <Page title={text('nav.jobs')} about={text('jobs.about')}>
      <Loaded of={queues} lines={8}>
        {(data) => (
          <DataTable
            name="jobs"
            label={text('nav.jobs')}
            rows={data.queues}
            rowKey={({ queue }) => queue}
            columns={columns}
            empty={text('word.none')}
          />
        )}
      </Loaded>
    </Page>
  );
}
