import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { useWrite } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { readForm } from '../../parts/read-form.ts';

/** Makes an institution: its name, its short name in addresses, and its clocks. */
export function NewInstitution() {
  const { text } = useLanguage();
  const navigate = useNavigate();
  const [isOpen, dialog] = useDisclosure(false);
  const create = useWrite('createTenant');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    const { name, slug = '', zone = '' } = readForm(event);
    const body = { name, slug, ...(zone === '' ? {} : { zone }) };
    const onSuccess = () => void navigate({ to: '/institutions/$slug/setup', params: { slug } });
    create.mutate({ body }, { onSuccess });
  };
  return (
    <>
      <Button size="sm" onClick={dialog.open}>
        {text('institutions.new')}
      </Button>
      <Dialog opened={isOpen} onClose={dialog.close} title={text('institutions.new')}>
        <form onSubmit={submit}>
          <Stack gap="sm">
            <TextInput
              name="name"
              label={text('institutions.name')}
              maxLength={200}
              required
              data-autofocus
            />
            <TextInput
              name="slug"
              label={text('institutions.slug')}
              description={text('institutions.slug.about')}
              maxLength={63}
              required
            />
            <TextInput
              name="zone"
              label={text('institutions.zone')}
              description={text('institutions.zone.about')}
              maxLength={100}
              defaultValue={Intl.DateTimeFormat().resolvedOptions().timeZone}
            />
            {create.isError && <FailureNote error={create.error} />}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={dialog.close}>
                {text('action.cancel')}
              </Button>
              <Button type="submit" loading={create.isPending}>
                {text('institutions.new')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Dialog>
    </>
  );
}
