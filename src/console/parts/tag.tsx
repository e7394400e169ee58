import type { Tone } from './tone.ts';

/** A word about the state of something. */
export function Tag({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className="tag" data-tone={tone}>
      {children}
    </span>
  );
}
