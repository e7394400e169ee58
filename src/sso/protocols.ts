import { createAttemptStore } from './attempt-store.ts';
import { createDirectories, type Directories } from './ldap/ldap.ts';
import { ldapTerms } from './ldap-terms.ts';
import type { SsoServices } from './services.ts';

export interface ProtocolOptions extends Pick<SsoServices, 'db' | 'clock' | 'log'> {
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
export function createProtocols({ db, clock, log, ...options }: ProtocolOptions): Protocols {
  const { allowLoopback, directoryNetworks: networks } = options;
  const attempts = createAttemptStore(db);
  const directories = createDirectories({ clock, log, attempts, allowLoopback });
  return {
    terms: { ldap: ldapTerms({ directories, networks }) },
    directories,
    close: () => directories.close(),
  };
}
