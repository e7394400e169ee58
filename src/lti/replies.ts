import type { Html } from '../platform/html.ts';
import type { PageEnvironment } from './pages/environment.ts';
import type { LmsFamily, ReasonCode } from './reasons.ts';

/** A cookie to set; an empty value removes it. All are `__Host-`, `Secure`, `HttpOnly`, `SameSite=None`. */
export interface CookieChange {
  name: string;
  value: string;
  maxAgeSeconds: number;
  /** CHIPS: kept apart for each LMS that frames the hub, and so let through where others are blocked. */
  partitioned: boolean;
}

interface Framing {
  /** CSP sources that may frame the page. */
  frameAncestors: readonly string[];
  cookies?: CookieChange[];
  /** Language the LMS said it shows the person (BCP 47); it comes before the browser's. */
  locale?: string | undefined;
  /** Language of the tenant; it comes after the browser's. */
  tenantLocale?: string | undefined;
}

/** What a launch endpoint answers, before it is HTTP. */
export type Reply =
  | { kind: 'redirect'; url: string; cookies?: CookieChange[] }
  | (Framing & {
      kind: 'page';
      render(environment: PageEnvironment): Html;
      /** CSP sources the page may frame itself. */
      frames?: readonly string[];
    })
  | (Framing & { kind: 'refused'; reason: ReasonCode; reference: string; family: LmsFamily });
