import { useState } from 'react';

/** A choice that this browser keeps for its viewer; never anything from the hub. */
export function useStored(name: string, fallback: string): [string, (value: string) => void] {
  const key = `gatehouse.${name}`;
  const [value, setValue] = useState(() => readStored(key) ?? fallback);
  const keep = (next: string) => {
    setValue(next);
    try {
      localStorage.setItem(key, next);
    } catch {
      // Storage may be full or forbidden: the choice then lasts as long as the page.
    }
  };
  return [value, keep];
}

function readStored(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}
