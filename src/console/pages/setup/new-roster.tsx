import { Button, Checkbox, NumberInput, PasswordInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Reply } from '../../api/contracts.ts';
import { useRead, useWrite } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { readSent } from '../../parts/read-sent.ts';
import { errorOf } from './field-errors.ts';
import { fieldsOfSettings, isFillable, type SettingField, settingsOfForm } from './settings-fields.ts';

type Connector = Reply<'listConnectors'>['connectors'][number];

interface NewRosterProps {
  slug: string;
  onMade: (connectionId: string) => void;
}

/** Connects a source by the form that its connector's settings make. */
export function NewRoster({ slug, onMade }: NewRosterProps) {
  const { text } = useLanguage();
  const connectors = useRead('listConnectors', { params: { slug } });
  const [id, setId] = useState<string>();
  return (
    <Loaded of={connectors}>
      {(data) => {
        const chosen = data.connectors.find((each) => each.id === id);
        return (
          <Stack gap="sm" className="setup-form">
            <Select
              label={text('setup.roster.connector')}
              description={text('setup.roster.withMapping')}
              value={id ?? null}
              onChange={(value) => setId(value ?? undefined)}
              data={data.connectors.filter(isFillable).map((each) => ({ value: each.id, label: each.title }))}
              allowDeselect={false}
            />
            {chosen && <RosterForm key={chosen.id} slug={slug} connector={chosen} onMade={onMade} />}
          </Stack>
        );
      }}
    </Loaded>
  );
}

function RosterForm({ slug, connector, onMade }: NewRosterProps & { connector: Connector }) {
  const { text } = useLanguage();
  const connect = useWrite('connectRoster');
  const [place, setPlace] = useState('upload');
  const fields = fieldsOfSettings(connector, place);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    const settings = settingsOfForm(fields, readSent(event));
    connect.mutate(
      { params: { slug }, body: { connector: connector.id, name: connector.title, settings } },
      { onSuccess: ({ roster }) => onMade(roster.connectionId) },
    );
  };
  const more = fields.filter((field) => field.more);
  const inputOf = (field: SettingField) => (
    <Field
      key={field.name}
      field={field}
      error={errorOf(connect.error, `settings.${field.name}`)}
      {...(field.name === 'place' ? { onChange: setPlace } : {})}
    />
  );
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {fields.filter((field) => !field.more).map(inputOf)}
        {more.length > 0 && (
          <details>
            <summary>{text('setup.roster.more')}</summary>
            <Stack gap="sm" mt="sm">
              {more.map(inputOf)}
            </Stack>
          </details>
        )}
        <Text size="xs" c="dimmed">
          {text('setup.identity.secret.about')}
        </Text>
        {connect.isError && <FailureNote error={connect.error} />}
        <div>
          <Button type="submit" loading={connect.isPending}>
            {text('setup.roster.connect')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}

function Field({
  field: { name, title, about, kind, options, initial, required },
  error,
  onChange,
}: {
  field: SettingField;
  error: string | undefined;
  onChange?: (value: string) => void;
}) {
  const common = { name, label: title, description: about, error, required };
  switch (kind) {
    case 'choice':
      return (
        <Select
          {...common}
          data={[...options]}
          defaultValue={initial === '' ? null : initial}
          onChange={(value) => onChange?.(value ?? '')}
          allowDeselect={false}
        />
      );
    case 'yes_no':
      return <Checkbox name={name} label={title} description={about} defaultChecked={initial === 'true'} />;
    case 'number':
      return <NumberInput {...common} defaultValue={initial} />;
    case 'secret':
      return <PasswordInput {...common} autoComplete="off" />;
    default:
      return <TextInput {...common} defaultValue={initial} autoComplete="off" />;
  }
}
