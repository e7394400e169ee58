import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { CheckAct } from './acts.tsx';
import { ConnectionLink } from './connection-link.tsx';
import type { OwnCheck } from './open-checks.ts';
import { EvidenceAge, StateTag } from './state-tag.tsx';
import { sayTodo } from './todo.ts';

/** What is missing before the term, whose turn it is, and what can be done here. */
export function MissingTable({
  slug,
  checks,
  nameOf,
}: {
  slug: string;
  checks: readonly OwnCheck[];
  nameOf: (connectionId: string) => string | undefined;
}) {
  const language = useLanguage();
  const { text } = language;
  const { can } = useSession();
  const named = ({ of }: OwnCheck) =>
    of === undefined ? text('readiness.institution') : (nameOf(of.connectionId) ?? of.partner);
  const columns: Column<OwnCheck>[] = [
    {
      key: 'of',
      header: text('readiness.of'),
      cell: (row) =>
        row.of === undefined ? (
          named(row)
        ) : (
          <ConnectionLink slug={slug} kind={row.of.kind} connectionId={row.of.connectionId}>
            {named(row)}
          </ConnectionLink>
        ),
      value: named,
    },
    {
      key: 'check',
      header: text('readiness.check'),
      cell: ({ check }) => text(`check.${check.check}`),
      value: ({ check }) => check.check,
    },
    {
      key: 'state',
      header: text('overview.state'),
      cell: ({ check }) => <StateTag of={check} />,
      value: ({ check }) => check.state,
    },
    {
      key: 'age',
      header: text('readiness.age'),
      end: true,
      cell: ({ check }) => <EvidenceAge of={check} />,
      value: ({ check }) => check.ageMs,
    },
    {
      key: 'todo',
      header: text('readiness.todo'),
      cell: ({ check }) => <div className="prose">{sayTodo(language, check) ?? '–'}</div>,
      value: ({ check }) => sayTodo(language, check),
    },
    {
      key: 'who',
      header: text('readiness.who'),
      cell: ({ check: { waitingOn } }) => (waitingOn === null ? '–' : text(`side.${waitingOn}`)),
      value: ({ check: { waitingOn } }) => waitingOn,
    },
  ];
  const act: Column<OwnCheck> = {
    key: 'act',
    header: text('table.actions'),
    cell: (row) => <CheckAct slug={slug} of={row} />,
  };
  return (
    <DataTable
      name="readiness-missing"
      label={text('readiness.missing')}
      rows={checks}
      rowKey={({ of, check }) => `${of?.connectionId ?? ''} ${check.check}`}
      columns={can('health:write') ? [...columns, act] : columns}
      empty={text('readiness.nothing')}
    />
  );
}
