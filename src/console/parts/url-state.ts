import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { planUrlChange, type UrlValues } from './url-values.ts';

/** Reads and changes the query of the page's address. */
export function useUrlState(): [UrlValues, (change: UrlValues) => void] {
  const values: UrlValues = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = (wanted: UrlValues) =>
    void navigate({ to: '.', search: planUrlChange(values, wanted), replace: true, resetScroll: false });
  return [values, change];
}

/** One parameter of the page's path. @throws Error on a page whose path lacks it */
export function usePathValue(name: string): string {
  const value = (useParams({ strict: false }) as UrlValues)[name];
  if (value === undefined) throw new Error(`The path of this page has no "${name}"`);
  return value;
}
