import { readForm } from '../demo/support/user-agent.ts';

/** Every form of a page, in its order: where it is sent, and its hidden fields. */
export function readForms(page: string): { action: string; fields: Record<string, string> }[] {
  return [...page.matchAll(/<form.*?<\/form>/gs)].map(([form]) => readForm(form));
}

/** What a page of the hub tells its scripts. */
export function readSettings(page: string): Record<string, unknown> {
  const [, attribute] = /data-settings="([^"]*)"/.exec(page) ?? [];
  if (attribute === undefined) throw new Error('The page tells its scripts nothing');
  return JSON.parse(attribute.replaceAll('&quot;', '"').replaceAll('&amp;', '&')) as Record<string, unknown>;
}
