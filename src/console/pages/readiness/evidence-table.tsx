import type { ReactNode } from 'react';
import { readinessChecks } from '../../../../contracts/readiness.ts';
import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EvidenceAge, ReadyTag, StateTag } from './state-tag.tsx';

type Connection = Reply<'showReadiness'>['connections'][number];

/** A line for each connection, with every check its kind needs and the age of its evidence. */
export function EvidenceTable<Of extends Connection>({
  name,
  label,
  connections,
  first,
  empty,
}: {
  name: string;
  label: string;
  connections: readonly Of[];
  /** What names a line. */
  first: { header: string; cell: (of: Of) => ReactNode; value: (of: Of) => string };
  empty: string;
}) {
  const { text } = useLanguage();
  const needed = readinessChecks.filter((name) =>
    connections.some(({ checks }) => checks.some(({ check }) => check === name)),
  );
  const columns: Column<Of>[] = [
    { key: 'of', ...first },
    {
      key: 'kind',
      header: text('health.kind'),
      cell: ({ kind }) => text(`connection.${kind}`),
      value: ({ kind }) => kind,
    },
    {
      key: 'isReady',
      header: text('readiness.ready'),
      cell: ({ isReady }) => <ReadyTag isReady={isReady} />,
      value: ({ isReady }) => String(isReady),
    },
    ...needed.map((name): Column<Of> => {
      const own = ({ checks }: Of) => checks.find(({ check }) => check === name);
      return {
        key: name,
        header: text(`check.${name}`),
        cell: (of) => {
          const check = own(of);
          if (check === undefined) return '–';
          return (
            <>
              <StateTag of={check} />
              {check.ageMs !== null && (
                <span className="when-there">
                  {text('readiness.age')}: <EvidenceAge of={check} />
                </span>
              )}
            </>
          );
        },
        value: (of) => own(of)?.state,
      };
    }),
  ];
  return (
    <DataTable
      name={name}
      label={label}
      rows={connections}
      rowKey={({ connectionId }) => connectionId}
      columns={columns}
      empty={empty}
    />
  );
}
