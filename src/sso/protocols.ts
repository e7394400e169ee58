import type { OutboundFetch } from '../platform/outbound/fetch.ts';
import { createAttemptStore } from './attempt-store.ts';
import { createDirectories, type Directories } from './ldap/ldap.ts';
import { ldapTerms } from './ldap-terms.ts';
import { createOidcTerms } from './oidc-terms.ts';
import { createSamlTerms } from './saml-check.ts';
import type { SsoServices } from './services.ts';

export interface ProtocolOptions extends Pick<SsoServices, 'db' | 'clock' | 'log'> {
  /** The guarded one. */
  fetch: OutboundFetch;
  /** Lets directories and identity providers on this machine be reached: for demo and tests. */
  allowLoopback: boolean;
  /** Networks outside the public internet in which directories may stand; CIDR. */
  directoryNetworks: readonly string[];
}

/** Every protocol that this hub signs people in by. */
export interface Protocols {
  terms: SsoServices['protocols'];
  directories: Directories;
  /** Lets what is under way end and closes connections. */
  close(): Promise<void>;
}

/** Opens nothing yet. */
export function createProtocols({ db, clock, log, fetch, ...options }: ProtocolOptions): Protocols {
  const { allowLoopback, directoryNetworks: networks } = options;
  const attempts = createAttemptStore(db);
  const directories = createDirectories({ clock, log, attempts, allowLoopback });
  return {
    terms: {
      ldap: ldapTerms({ directories, networks }),
      saml: createSamlTerms({ db, clock, fetch }),
      oidc: createOidcTerms({ fetch, clock, allowLoopback }),
    },
    directories,
    close: () => directories.close(),
  };
}
