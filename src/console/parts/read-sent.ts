import type { FormEvent } from 'react';
import { type Entered, readEntered } from './fields.ts';

/** Reads a form that is being sent; the browser sends nothing itself. */
export function readSent(event: FormEvent<HTMLFormElement>): Entered {
  event.preventDefault();
  return readEntered(new FormData(event.currentTarget));
}
