import { pageHeaders } from '../../lti/pages/headers.ts';

/**
 * Where the forms of a page lead. `none`: it has none; `own`: to the hub, which answers itself; `onward`: to the hub, which
 * may send the browser on to another site; `partner`: to another site.
 */
export type FormsLead = 'none' | 'own' | 'onward' | 'partner';

export interface SignInHeaderOptions {
  forms: FormsLead;
  /** The hub runs without TLS on this machine, and so do those it works with. */
  isLocal: boolean;
}

/**
 * The headers of pages of signing in and of the portal: nobody may frame them, and no form goes where it should not. Browsers
 * hold a form's redirects against `form-action` too (CSP 3 §6.4.1.1 leaves it open), so that a password goes to the hub alone,
 * and a choice of an identity provider may lead on.
 */
export function signInHeaders({ forms, isLocal }: SignInHeaderOptions): Record<string, string> {
  const usual = pageHeaders({ frameAncestors: ["'none'"] });
  const others = isLocal ? 'https: http:' : 'https:';
  const targets = { none: "'none'", own: "'self'", onward: `'self' ${others}`, partner: others }[forms];
  return {
    ...usual,
    'Content-Security-Policy': `${usual['Content-Security-Policy']}; form-action ${targets}`,
    'Referrer-Policy': referrerPolicies[forms],
    'X-Frame-Options': 'DENY',
  };
}

/**
 * No other site learns an address of these pages. Forms for the hub keep their `Origin`, by which browsers without fetch
 * metadata show that they are the hub's own (Fetch §3.2: `no-referrer` would make it `null`); so do forms for partners, some of
 * which refuse `null`.
 */
const referrerPolicies: Readonly<Record<FormsLead, string>> = {
  none: 'no-referrer',
  own: 'same-origin',
  onward: 'same-origin',
  partner: 'strict-origin',
};
