import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import type { CallInput, Reply, WriteName } from '../api/contracts.ts';
import { useWrite } from '../api/queries.ts';
import { useSession } from '../app/session.ts';
import { useLanguage } from '../i18n/language.ts';
import { Dialog } from './dialog.tsx';
import { FailureNote } from './failure-note.tsx';
import type { Entered } from './fields.ts';
import { readSent } from './read-sent.ts';

export interface AskProps<Name extends WriteName> {
  /** The endpoint that does it. */
  name: Name;
  label: string;
  /** The fields of the form, and what has to be known before it is sent. */
  children: ReactNode;
  /** What is sent of what was entered. */
  input: (entered: Entered) => CallInput<Name>;
  onDone?: ((reply: Reply<Name>) => void) | undefined;
  onOpen?: () => void;
  /** It takes something away: the button says so. */
  danger?: boolean;
  primary?: boolean;
  /** It cannot be sent yet. */
  isBlocked?: boolean;
  /** Changing something asks why, for the audit trail. */
  reason?: 'asked' | 'needed';
}

/**
 * A button that opens a form, and sends what was entered when it is confirmed. It is not there for somebody to whom the hub
 * would refuse it.
 */
export function Ask<Name extends WriteName>(props: AskProps<Name>) {
  const { mayCall } = useSession();
  return mayCall(props.name) ? <AskAllowed {...props} /> : null;
}

function AskAllowed<Name extends WriteName>(props: AskProps<Name>) {
  const { name, label, children, input, onDone, onOpen, danger = false, primary, isBlocked, reason } = props;
  const { text } = useLanguage();
  const [isOpen, dialog] = useDisclosure(false);
  const write = useWrite(name);
  const open = () => {
    write.reset();
    onOpen?.();
    dialog.open();
  };
  const onSuccess = (reply: Reply<Name>) => {
    dialog.close();
    onDone?.(reply);
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
        <form onSubmit={(event) => write.mutate(input(readSent(event)), { onSuccess })}>
          <Stack gap="md">
            {children}
            {reason !== undefined && (
              <Textarea
                name="reason"
                label={text('action.reason')}
                description={text('action.reason.about')}
                maxLength={200}
                required={reason === 'needed'}
                autosize
                minRows={2}
              />
            )}
            {write.isError && <FailureNote error={write.error} />}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={dialog.close}>
                {text('action.cancel')}
              </Button>
              <Button
                type="submit"
                loading={write.isPending}
                disabled={isBlocked ?? false}
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
