import { Button, CopyButton, Group } from '@mantine/core';
import { useLanguage } from '../../i18n/language.ts';
import { DataTable } from '../../parts/data-table.tsx';

/** Copies a value; its name says to readers which one. */
export function Copy({ name, value }: { name: string; value: string }) {
  const { text } = useLanguage();
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Button size="xs" variant="default" onClick={copy} aria-label={text('setup.copy.named', { name })}>
          {text(copied ? 'action.copied' : 'action.copy')}
        </Button>
      )}
    </CopyButton>
  );
}

/** Values to enter somewhere else, under the names they have there. */
export function Values({ label, of }: { label: string; of: readonly { name: string; value: string }[] }) {
  const { text } = useLanguage();
  return (
    <DataTable
      plain
      name="values"
      label={label}
      rows={of}
      rowKey={({ name }) => name}
      empty={text('word.none')}
      columns={[
        { key: 'name', header: text('setup.field'), cell: ({ name }) => name },
        {
          key: 'value',
          header: text('setup.value'),
          cell: ({ value }) => <span className="code">{value}</span>,
        },
        {
          key: 'copy',
          header: text('action.copy'),
          cell: ({ name, value }) => <Copy name={name} value={value} />,
        },
      ]}
    />
  );
}

/** All values in one go, with their names: for a message to whoever looks after the other side. */
export function CopyAll({ of }: { of: readonly { name: string; value: string }[] }) {
  const { text } = useLanguage();
  return (
    <CopyButton value={of.map(({ name, value }) => `${name}: ${value}`).join('\n')}>
      {({ copied, copy }) => (
        <Group>
          <Button size="xs" variant="default" onClick={copy}>
            {text(copied ? 'action.copied' : 'setup.copy.all')}
          </Button>
        </Group>
      )}
    </CopyButton>
  );
}

/** A value that is shown this once. */
export function Once({ name, value }: { name: string; value: string }) {
  return (
    <Group gap="sm" align="flex-start">
      <code className="code">{value}</code>
      <Copy name={name} value={value} />
    </Group>
  );
}
