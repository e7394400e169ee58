import type { DemoIdentity } from './identity.ts';

/** Where to sign in, and as whom. */
export function describeIdentity(identity: DemoIdentity | undefined): string {
  if (identity === undefined) {
    return `
Signing in at the portal is left out: the demo's directory and OpenID provider need the development packages (npm ci).
`;
  }
  const { portalUrl, accounts } = identity;
  const width = Math.max(...accounts.toTry.map(({ username }) => username.length));
  const lines = accounts.toTry.map(({ username, what }) => `  ${username.padEnd(width)}  ${what}`);
  return `
People of the first school sign in at its portal, without the LMS: by the school's directory, or by its OpenID
provider, which knows the same people. The password is ${accounts.password} for everybody:

  ${portalUrl}

${lines.join('\n')}
`;
}
