import { Button, Group, Menu, Stack, Table, Text, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { toCsv } from './csv.ts';
import { saveFile } from './save-file.ts';
import { useStored } from './stored.ts';

export interface Column<Row> {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** What a file has in its place; without it the column is not in the file. */
  value?: (row: Row) => string | number | null | undefined;
  /** Numbers stand at the end of their column. */
  end?: boolean;
  /** The server can order by it. */
  sorts?: boolean;
}

export interface Sorting {
  by: string;
  order: 'asc' | 'desc';
  change: (by: string, order: 'asc' | 'desc') => void;
}

export interface DataTableProps<Row> {
  /** Tells tables apart, for what the viewer chose; and names the file. */
  name: string;
  /** What the rows are, for readers of the screen. */
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  /** What to show, and do next, where there are none. */
  empty: ReactNode;
  sorting?: Sorting;
  /** Search and filters, above. */
  filters?: ReactNode;
  /** Turning pages, below. */
  pager?: ReactNode;
  total?: number;
  /** Short tables do without choosing columns and files. */
  plain?: boolean;
}

/** A table whose first column names its rows. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { name, label, rows, rowKey, empty, filters, pager, plain } = props;
  const [hiddenText, setHidden] = useStored(`columns.${name}`, '');
  const hidden = hiddenText.split(',');
  const columns = props.columns.filter(({ key }, index) => index === 0 || !hidden.includes(key));
  return (
    <Stack gap="xs">
      {(filters || !plain) && (
        <Group justify="space-between" align="flex-end" gap="sm" className="table-tools">
          <Group gap="sm" align="flex-end">
            {filters}
          </Group>
          {!plain && <TableTools {...props} hidden={hidden} setHidden={setHidden} />}
        </Group>
      )}
      {rows.length === 0 ? (
        <div className="empty">{empty}</div>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1)
        <section className="table-frame" aria-label={label} tabIndex={0}>
          <Table verticalSpacing={7} horizontalSpacing="sm" highlightOnHover>
            <Table.Caption className="unseen">{label}</Table.Caption>
            <Table.Thead>
              <Table.Tr>
                {columns.map((column) => (
                  <HeaderCell key={column.key} column={column} sorting={props.sorting} />
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={rowKey(row)}>
                  {columns.map((column, index) => (
                    <BodyCell key={column.key} first={index === 0} end={column.end}>
                      {column.cell(row)}
                    </BodyCell>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
      {pager}
    </Stack>
  );
}

function BodyCell({
  first,
  end,
  children,
}: {
  first: boolean;
  end?: boolean | undefined;
  children: ReactNode;
}) {
  const className = end ? 'cell-end' : '';
  if (!first) return <Table.Td className={className}>{children}</Table.Td>;
  return (
    <Table.Th scope="row" className={`row-name ${className}`}>
      {children}
    </Table.Th>
  );
}

function HeaderCell<Row>({ column, sorting }: { column: Column<Row>; sorting: Sorting | undefined }) {
  const { text } = useLanguage();
  const className = column.end ? 'cell-end' : '';
  if (!column.sorts || sorting === undefined) {
    return (
      <Table.Th scope="col" className={className}>
        {column.header}
      </Table.Th>
    );
  }
  const isSorted = sorting.by === column.key;
  const isUp = sorting.order === 'asc';
  const next = isSorted && isUp ? 'desc' : 'asc';
  return (
    <Table.Th
      scope="col"
      className={className}
      aria-sort={isSorted ? (isUp ? 'ascending' : 'descending') : 'none'}
    >
      <UnstyledButton
        className="sort"
        aria-label={text('table.sortBy', { column: column.header })}
        onClick={() => sorting.change(column.key, next)}
      >
        {column.header} <span aria-hidden="true">{isSorted ? (isUp ? '↑' : '↓') : '↕'}</span>
      </UnstyledButton>
    </Table.Th>
  );
}

function TableTools<Row>(
  props: DataTableProps<Row> & { hidden: readonly string[]; setHidden: (hidden: string) => void },
) {
  const { name, rows, total, columns, hidden, setHidden } = props;
  const { text } = useLanguage();
  const choose = (key: string) =>
    setHidden((hidden.includes(key) ? hidden.filter((each) => each !== key) : [...hidden, key]).join(','));
  const inFile = columns.flatMap(({ header, value }) => (value === undefined ? [] : [{ header, value }]));
  const save = () =>
    saveFile(
      `${name}.csv`,
      toCsv(
        inFile.map(({ header }) => header),
        rows.map((row) => inFile.map(({ value }) => value(row))),
      ),
    );
  return (
    <Group gap="xs">
      <Text size="sm" c="dimmed" role="status">
        {text('table.rows', { count: total ?? rows.length })}
      </Text>
      <Menu closeOnItemClick={false} position="bottom-end">
        <Menu.Target>
          <Button size="xs" variant="default">
            {text('table.columns')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {columns.slice(1).map(({ key, header }) => (
            <Menu.CheckboxItem key={key} checked={!hidden.includes(key)} onChange={() => choose(key)}>
              {header}
            </Menu.CheckboxItem>
          ))}
        </Menu.Dropdown>
      </Menu>
      {inFile.length > 0 && rows.length > 0 && (
        <Button size="xs" variant="default" onClick={save}>
          {text('table.csv')}
        </Button>
      )}
    </Group>
  );
}
