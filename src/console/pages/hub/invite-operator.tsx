import { Button, Checkbox, Group, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { type HubRole, hubRoles } from '../../../../contracts/http/roles.ts';
import { useWrite } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { readForm } from '../../parts/read-form.ts';

/** Invites somebody to the staff of the hub; the link is shown once, to be handed over by a way one trusts. */
export function InviteOperator({ onLink }: { onLink: (link: string) => void }) {
  const { text } = useLanguage();
  const [isOpen, dialog] = useDisclosure(false);
  const [roles, setRoles] = useState<string[]>([]);
  const invite = useWrite('inviteOperator');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    const { name, email } = readForm(event);
    invite.mutate(
      { body: { name, email, roles: roles as HubRole[] } },
      {
        onSuccess: ({ link }) => {
          dialog.close();
          onLink(link);
        },
      },
    );
  };
  return (
    <>
      <Button size="xs" onClick={dialog.open}>
        {text('operators.invite')}
      </Button>
      <Dialog opened={isOpen} onClose={dialog.close} title={text('operators.invite')}>
        <form onSubmit={submit}>
          <Stack gap="sm">
            <TextInput name="name" label={text('account.name')} maxLength={200} required />
            <TextInput name="email" type="email" label={text('signIn.email')} maxLength={254} required />
            <Checkbox.Group label={text('account.roles')} value={roles} onChange={setRoles}>
              <Stack gap="xs" mt={4}>
                {hubRoles.map((role) => (
                  <Checkbox key={role} value={role} label={text(`role.${role}`)} />
                ))}
              </Stack>
            </Checkbox.Group>
            {invite.isError && <FailureNote error={invite.error} />}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={dialog.close}>
                {text('action.cancel')}
              </Button>
              <Button type="submit" loading={invite.isPending} disabled={roles.length === 0}>
                {text('operators.invite')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Dialog>
    </>
  );
}
