import { Button, Checkbox, FileInput, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Reply } from '../../api/contracts.ts';
import { useRead, useWrite } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { defined } from '../../parts/fields.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { readSent } from '../../parts/read-sent.ts';
import { errorOf } from './field-errors.ts';
import { fieldsOf, type IdentityFieldName, settingsOf } from './identity-settings.ts';

type Protocol = Reply<'listIdentityProtocols'>['protocols'][number];

interface NewIdentityProps {
  slug: string;
  onMade: (connectionId: string) => void;
}

/** Fields with a line about what goes there. */
const explained = {
  servers: 'setup.identity.servers.about',
  base: 'setup.identity.base.about',
  metadataUrl: 'setup.identity.metadata.about',
  clientSecret: 'setup.identity.secret.about',
  servicePassword: 'setup.identity.secret.about',
} as const satisfies Partial<Record<IdentityFieldName, string>>;

/** Connects an identity provider by what its product needs, and nothing that is known already. */
export function NewIdentity({ slug, onMade }: NewIdentityProps) {
  const { text, word } = useLanguage();
  const protocols = useRead('listIdentityProtocols', { params: { slug } });
  const [chosen, choose] = useState<string>();
  return (
    <Loaded of={protocols}>
      {(data) => {
        const options = data.protocols.flatMap((each) =>
          each.presets.map((preset) => ({ ...each, preset, value: `${each.protocol} ${preset}` })),
        );
        const option = options.find(({ value }) => value === chosen);
        return (
          <Stack gap="sm" className="setup-form">
            <Select
              label={text('setup.identity.product')}
              value={chosen ?? null}
              onChange={(value) => choose(value ?? undefined)}
              data={options.map(({ value, protocol, preset }) => ({
                value,
                label: text(`preset.${protocol}`, { name: word('product', preset) }),
              }))}
              searchable
              openOnFocus={false}
              allowDeselect={false}
            />
            {option && (
              <IdentityForm
                key={option.value}
                slug={slug}
                protocol={option}
                preset={option.preset}
                onMade={onMade}
              />
            )}
          </Stack>
        );
      }}
    </Loaded>
  );
}

function IdentityForm({
  slug,
  protocol: { protocol, suggested },
  preset,
  onMade,
}: NewIdentityProps & { protocol: Protocol; preset: string }) {
  const { text, word } = useLanguage();
  const connect = useWrite('connectIdentity');
  const give = useWrite('giveMetadata');
  const [file, setFile] = useState<File | null>(null);
  const error = connect.error ?? give.error;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    const entered = readSent(event);
    const body = {
      ...{ protocol, preset, name: word('product', preset), settings: settingsOf(protocol, preset, entered) },
      allowsNew: entered.has('allowsNew'),
      ...defined({ matchAttribute: entered.given('matchAttribute') }),
    };
    connect.mutate(
      { params: { slug }, body },
      {
        onSuccess: ({ identity: { connectionId } }) => {
          if (file === null || protocol !== 'saml') return onMade(connectionId);
          give.mutate(
            { params: { slug, connectionId }, body: file },
            { onSettled: () => onMade(connectionId) },
          );
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {fieldsOf(protocol, preset, suggested[preset] ?? {}).map(({ name, secret, required, path }) => {
          const Input = secret ? PasswordInput : TextInput;
          const about = name in explained ? text(explained[name as keyof typeof explained]) : undefined;
          return (
            <Input
              key={name}
              name={name}
              label={text(`setup.identity.${name}`)}
              description={about}
              error={errorOf(error, path)}
              required={required ?? false}
              maxLength={2000}
              autoComplete="off"
            />
          );
        })}
        {protocol === 'saml' && (
          <FileInput
            label={text('setup.identity.metadataFile')}
            accept=".xml,application/xml,application/samlmetadata+xml"
            value={file}
            onChange={setFile}
            clearable
          />
        )}
        <TextInput
          name="matchAttribute"
          label={text('setup.identity.match')}
          description={text('setup.identity.match.about')}
          error={errorOf(error, 'matchAttribute')}
          maxLength={200}
        />
        <Checkbox name="allowsNew" label={text('setup.identity.allowsNew')} />
        {error !== null && <FailureNote error={error} />}
        <div>
          <Button type="submit" loading={connect.isPending || give.isPending}>
            {text('setup.identity.connect')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
