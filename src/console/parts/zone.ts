import { createContext, use } from 'react';

/** The time zone of the institution a page is about (IANA name). */
export const ZoneContext = createContext<string | undefined>(undefined);

/** Undefined on pages about no institution. */
export function useZone(): string | undefined {
  return use(ZoneContext);
}
