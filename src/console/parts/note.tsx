import type { ReactNode } from 'react';
import type { Tone } from './tone.ts';

/** Something that has to be read before going on; failures are announced at once. */
export function Note({
  tone,
  title,
  role,
  children,
}: {
  tone: Tone;
  title?: string | null | undefined;
  role?: 'alert' | 'status';
  children?: ReactNode;
}) {
  return (
    <div className="note" data-tone={tone} role={role}>
      {title && <p className="note-title">{title}</p>}
      {children}
    </div>
  );
}
