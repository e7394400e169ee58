import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { useLanguage } from '../i18n/language.ts';

/** A field for JSON; the browser does not send the form while it cannot be read. */
export function JsonField({
  name,
  label,
  description,
  value,
  required = false,
}: {
  name: string;
  label: string;
  description?: string | undefined;
  value?: unknown;
  required?: boolean;
}) {
  const { text } = useLanguage();
  const [error, setError] = useState<string>();
  return (
    <Textarea
      name={name}
      label={label}
      description={description ?? text('form.json')}
      defaultValue={value === undefined ? '' : JSON.stringify(value, null, 2)}
      error={error}
      onChange={({ currentTarget }) => {
        const fault = isJson(currentTarget.value) ? undefined : text('form.json.wrong');
        currentTarget.setCustomValidity(fault ?? '');
        setError(fault);
      }}
      required={required}
      autosize
      minRows={2}
      maxRows={12}
      spellCheck={false}
    />
  );
}

/** Undefined where nothing was entered. @throws SyntaxError where it is no JSON: the field keeps that from being sent */
export function readJson<Shape>(entered: string): Shape | undefined {
  return entered.trim() === '' ? undefined : (JSON.parse(entered) as Shape);
}

function isJson(entered: string): boolean {
  try {
    readJson(entered);
    return true;
  } catch {
    return false;
  }
}
