import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { CallInput, Reply, WriteName } from '../api/contracts.ts';
import { useWrite } from '../api/queries.ts';
import { useLanguage } from '../i18n/language.ts';
import { Dialog } from './dialog.tsx';
import { FailureNote } from './failure-note.tsx';
import { readForm } from './read-form.ts';

export interface ActProps<Name extends WriteName> {
  /** The endpoint that does it. */
  name: Name;
  label: string;
  /** What will change, before anybody confirms it. */
  children: ReactNode;
  /** What is sent; the reason is undefined where none was given. */
  input: (reason: string | undefined) => CallInput<Name>;
  onDone?: (reply: Reply<Name>) => void;
  /** It takes something away: the button says so, and where a name is given, that has to be typed. */
  danger?: boolean;
  typeName?: string;
  needsReason?: boolean;
  primary?: boolean;
}

/** A button that says what will change, asks for the reason, and then does it. */
export function Act<Name extends WriteName>(props: ActProps<Name>) {
  const { name, label, children, input, onDone, danger = false, typeName, needsReason, primary } = props;
  const { text } = useLanguage();
  const [isOpen, dialog] = useDisclosure(false);
  const [typed, setTyped] = useState('');
  const write = useWrite(name);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    const reason = readForm(event).reason.trim();
    write.mutate(input(reason === '' ? undefined : reason), {
      onSuccess: (reply) => {
        dialog.close();
        onDone?.(reply);
      },
    });
  };
  const open = () => {
    write.reset();
    setTyped('');
    dialog.open();
  };
  return (
    <>
      <Button
        size="xs"
        variant={primary ? 'filled' : 'default'}
        {...(danger ? { className: 'danger' } : {})}
        onClick={open}
      >
        {label}
      </Button>
      <Dialog opened={isOpen} onClose={dialog.close} title={label}>
        <form onSubmit={submit}>
          <Stack gap="md">
            <div>{children}</div>
            {typeName !== undefined && (
              <TextInput
                label={text('action.typeName', { name: typeName })}
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
                autoComplete="off"
              />
            )}
            <Textarea
              name="reason"
              label={text('action.reason')}
              description={text('action.reason.about')}
              maxLength={200}
              required={needsReason ?? false}
              autosize
              minRows={2}
            />
            {write.isError && <FailureNote error={write.error} />}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={dialog.close}>
                {text('action.cancel')}
              </Button>
              <Button
                type="submit"
                loading={write.isPending}
                disabled={typeName !== undefined && typed !== typeName}
                {...(danger ? { color: 'red.9' } : {})}
              >
                {label}
              </Button>
            </Group>
          </Stack>
        </form>
      </Dialog>
    </>
  );
}

/** The reason as a part of a body: left out where there is none. */
export function withReason(reason: string | undefined): { reason?: string } {
  return reason === undefined ? {} : { reason };
}
