import { Checkbox, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type HubRole, hubRoles, scopesOf } from '../../../../contracts/http/roles.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Ask } from '../../parts/ask.tsx';

/** Invites somebody to the staff of the hub; the link is shown once, to be handed over by a way one trusts. */
export function InviteOperator({ onLink }: { onLink: (link: string) => void }) {
  const { text } = useLanguage();
  const { can } = useSession();
  const [roles, setRoles] = useState<string[]>([]);
  return (
    <Ask
      name="inviteOperator"
      label={text('operators.invite')}
      input={(entered) => ({
        body: { name: entered.text('name'), email: entered.text('email'), roles: roles as HubRole[] },
      })}
      onDone={({ link }) => onLink(link)}
      isBlocked={roles.length === 0}
      primary
    >
      <TextInput name="name" label={text('account.name')} maxLength={200} required />
      <TextInput name="email" type="email" label={text('signIn.email')} maxLength={254} required />
      <Checkbox.Group label={text('account.roles')} value={roles} onChange={setRoles}>
        <Stack gap="xs" mt={4}>
          {hubRoles
            .filter((role) => scopesOf([role]).every(can))
            .map((role) => (
              <Checkbox key={role} value={role} label={text(`role.${role}`)} />
            ))}
        </Stack>
      </Checkbox.Group>
    </Ask>
  );
}
