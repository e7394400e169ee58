import type { Directories } from './ldap/ldap.ts';
import { ldapPresets } from './ldap/presets.ts';
import { directorySettings } from './ldap/settings.ts';
import type { CheckedStep, OpenedIdentity, ProtocolTerms } from './services.ts';

export interface DirectoryTerms {
  directories: Pick<Directories, 'test'>;
  /** Networks outside the public internet in which directories may stand, as the operator says; CIDR. */
  networks: readonly string[];
}

/** Directories. They need to know nothing of ours. */
export function ldapTerms({ directories, networks }: DirectoryTerms): ProtocolTerms {
  return {
    settings: directorySettings,
    presets: Object.keys(ldapPresets),
    suggested: ldapPresets,
    check: async ({ tenant: { tenantId }, identity }: OpenedIdentity): Promise<CheckedStep[]> => {
      const { connectionId, version } = identity;
      const settings = directorySettings.parse(identity.settings);
      const tests = await directories.test({ tenantId, connectionId, version, settings, networks });
      return tests.flatMap(({ host, port, steps }) =>
        steps.map((step) => ({ at: `${host}:${port}`, ...step })),
      );
    },
  };
}
