import { Anchor, Button, Group, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import type { BringableField } from '../../../../contracts/lms.ts';
import type { Reply } from '../../api/contracts.ts';
import { useWrite } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { readSent } from '../../parts/read-sent.ts';
import { Copy, CopyAll, Values } from './copy.tsx';
import { errorOf } from './field-errors.ts';
import { type Pasted, readPasted } from './pasted.ts';

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
  const needed = sheet.fields.filter((each) => !each.ifAsked);
  const ifAsked = sheet.fields.filter((each) => each.ifAsked);
  return (
    <Stack gap="sm">
      <Title order={3}>{text('setup.lms.byHand')}</Title>
      <Text size="sm">{sheet.where}</Text>
      {sheet.link !== null && (
        <Anchor href={sheet.link} target="_blank" rel="noopener noreferrer" size="sm">
          {text('setup.lms.open')}
        </Anchor>
      )}
      <Values label={text('setup.lms.sheet')} of={needed} />
      {ifAsked.length > 0 && (
        <>
          <Title order={4}>{text('setup.lms.ifAsked')}</Title>
          <Values label={text('setup.lms.ifAsked')} of={ifAsked} />
        </>
      )}
      <CopyAll of={sheet.fields} />
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
  const find = useWrite('findPlatform');
  // Once for what is pasted, and not for each letter of who types it.
  const ask = useDebouncedCallback(
    (from: string) => find.mutate({ params: { slug }, body: { site: from } }),
    500,
  );
  const [pasted, setPasted] = useState<Pasted>({});
  // Where the issuer is not the same for everybody, it is the LMS's own address.
  const known: Pasted = {
    ...(site !== undefined && { issuer: site.replace(/\/$/, '') }),
    ...find.data,
    ...pasted,
  };
  const read = (entered: string) => {
    // A hub on plain http is a demo, and its LMS may be so too.
    const now = readPasted(entered, { allowLoopback: window.location.protocol === 'http:' });
    setPasted(now);
    // What another LMS told of itself, or is still to tell, does not fill in what this paste leaves open.
    ask.cancel();
    find.reset();
    const from = now.issuer ?? site;
    // What was not shown there, the LMS is asked for.
    const isShort = toBringBack.some((field) => now[field] === undefined);
    if (Object.keys(now).length > 0 && isShort && from !== undefined) ask(from);
  };
  const found = ([...toBringBack, 'clientId', 'deploymentId'] as const)
    .filter((field) => pasted[field] !== undefined)
    .map((field) => text(`setup.lms.${field}`));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    const entered = readSent(event);
    const addresses = Object.fromEntries(toBringBack.map((field) => [field, entered.text(field)]));
    connect.mutate(
      {
        params: { slug },
        body: {
          ...{ family, name: title, clientId: entered.text('clientId') },
          ...(addresses as Partial<Record<BringableField, string>>),
          deployments: [entered.given('deploymentId') ?? []].flat(),
        },
      },
      { onSuccess: ({ registration }) => onMade(registration.connectionId) },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" className="setup-form">
        <Title order={3}>{text('setup.lms.bringBack')}</Title>
        <Textarea
          label={text('setup.lms.paste')}
          description={text('setup.lms.paste.about')}
          onChange={(event) => read(event.currentTarget.value)}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={20_000}
        />
        <Text size="sm" role="status">
          {found.length > 0 && text('setup.lms.paste.found', { names: found.join(', ') })}
        </Text>
        {site !== undefined && toBringBack.length > 1 && (
          <div>
            <Button
              variant="default"
              loading={find.isPending}
              onClick={() => find.mutate({ params: { slug }, body: { site } })}
            >
              {text('setup.lms.find')}
            </Button>
          </div>
        )}
        {find.isError && <FailureNote error={find.error} />}
        {toBringBack.map((field) => (
          <TextInput
            key={`${field} ${known[field] ?? ''}`}
            name={field}
            label={text(`setup.lms.${field}`)}
            defaultValue={known[field] ?? ''}
            error={errorOf(connect.error, field)}
            maxLength={2000}
            required
          />
        ))}
        <TextInput
          key={`clientId ${pasted.clientId ?? ''}`}
          name="clientId"
          defaultValue={pasted.clientId ?? ''}
          label={text('setup.lms.clientId')}
          error={errorOf(connect.error, 'clientId')}
          maxLength={255}
          required
        />
        <TextInput
          key={`deploymentId ${pasted.deploymentId ?? ''}`}
          name="deploymentId"
          defaultValue={pasted.deploymentId ?? ''}
          label={text('setup.lms.deploymentId')}
          description={text('setup.lms.deploymentId.about')}
          error={errorOf(connect.error, 'deploymentId')}
          maxLength={255}
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
