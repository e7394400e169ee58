import { Anchor, Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import type { FormEvent } from 'react';
import type { BringableField } from '../../../../contracts/lms.ts';
import type { Reply } from '../../api/contracts.ts';
import { useWrite } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { readForm } from '../../parts/read-form.ts';
import { Copy, Values } from './copy.tsx';
import { errorOf } from './field-errors.ts';

/** What to enter at the LMS under the names of its own form, and what to bring back from there. */
export function LmsByHand({
  slug,
  sheet,
  site,
  onMade,
}: {
  slug: string;
  sheet: Reply<'showLmsSetup'>;
  site: string | undefined;
  onMade: (connectionId: string) => void;
}) {
  const { text } = useLanguage();
  return (
    <Stack gap="sm">
      <Title order={3}>{text('setup.lms.byHand')}</Title>
      <Text size="sm">{sheet.where}</Text>
      {sheet.link !== null && (
        <Anchor href={sheet.link} target="_blank" rel="noopener noreferrer" size="sm">
          {text('setup.lms.open')}
        </Anchor>
      )}
      <Values label={text('setup.lms.sheet')} of={sheet.fields} />
      {sheet.document !== null && (
        <Group align="flex-start" gap="sm">
          <section className="code document" aria-label={text('setup.lms.document')}>
            {sheet.document}
          </section>
          <Copy name={text('setup.lms.document')} value={sheet.document} />
        </Group>
      )}
      <Text size="sm">{sheet.afterwards}</Text>
      <BringBack slug={slug} sheet={sheet} site={site} onMade={onMade} />
    </Stack>
  );
}

function BringBack({
  slug,
  sheet: { family, title, toBringBack },
  site,
  onMade,
}: Parameters<typeof LmsByHand>[0]) {
  const { text } = useLanguage();
  const connect = useWrite('connectLms');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    const { clientId = '', deploymentId = '', ...rest } = readForm(event);
    const addresses = Object.fromEntries(toBringBack.map((field) => [field, rest[field]?.trim() ?? '']));
    connect.mutate(
      {
        params: { slug },
        body: {
          ...{ family, name: title, clientId: clientId.trim() },
          ...(addresses as Partial<Record<BringableField, string>>),
          deployments: deploymentId.trim() === '' ? [] : [deploymentId.trim()],
        },
      },
      { onSuccess: ({ registration }) => onMade(registration.connectionId) },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" className="setup-form">
        <Title order={3}>{text('setup.lms.bringBack')}</Title>
        {toBringBack.map((field) => (
          <TextInput
            key={`${field} ${field === 'issuer' ? site : ''}`}
            name={field}
            label={text(`setup.lms.${field}`)}
            // Where the issuer is not the same for everybody, it is the LMS's own address.
            defaultValue={field === 'issuer' ? (site?.replace(/\/$/, '') ?? '') : ''}
            error={errorOf(connect.error, field)}
            maxLength={2000}
            required
          />
        ))}
        <TextInput
          name="clientId"
          label={text('setup.lms.clientId')}
          error={errorOf(connect.error, 'clientId')}
          maxLength={255}
          required
        />
        <TextInput
          name="deploymentId"
          label={text('setup.lms.deploymentId')}
          error={errorOf(connect.error, 'deploymentId')}
          maxLength={255}
          required
        />
        {connect.isError && <FailureNote error={connect.error} />}
        <div>
          <Button type="submit" loading={connect.isPending}>
            {text('setup.lms.connect')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
