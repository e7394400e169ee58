import { TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { CallInput, Reply, WriteName } from '../api/contracts.ts';
import { useLanguage } from '../i18n/language.ts';
import { Ask } from './ask.tsx';

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
  const [typed, setTyped] = useState('');
  return (
    <Ask
      name={name}
      label={label}
      input={(entered) => input(entered.given('reason'))}
      onDone={onDone}
      onOpen={() => setTyped('')}
      danger={danger}
      primary={primary ?? false}
      isBlocked={typeName !== undefined && typed !== typeName}
      reason={needsReason ? 'needed' : 'asked'}
    >
      <div>{children}</div>
      {typeName !== undefined && (
        <TextInput
          label={text('action.typeName', { name: typeName })}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
        />
      )}
    </Ask>
  );
}

/** The reason as a part of a body: left out where there is none. */
export function withReason(reason: string | undefined): { reason?: string } {
  return reason === undefined ? {} : { reason };
}
