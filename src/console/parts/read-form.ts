import type { FormEvent } from 'react';

/** The texts of a form that is being sent, by the names of its fields; the browser sends nothing itself. */
export function readForm(event: FormEvent<HTMLFormElement>): Record<string, string> & Fields {
  event.preventDefault();
  const fields = new FormData(event.currentTarget);
  const texts = [...fields].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  return Object.fromEntries(texts) as Record<string, string> & Fields;
}

/** Fields that several forms have. */
interface Fields {
  email: string;
  password: string;
  code: string;
  name: string;
  reason: string;
}
