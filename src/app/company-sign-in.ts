import type { Config } from '../config.ts';
import { type CompanySignIn, createCompanySignIn } from '../operators/company/company.ts';
import { DomainError } from '../platform/errors.ts';

/**
 * The company's own sign-in for staff of the hub, where the settings name one.
 *
 * @throws DomainError input `config_invalid` where its settings do not fit together
 */
export function openCompanySignIn(
  services: Omit<Parameters<typeof createCompanySignIn>[0], 'allowLoopback'>,
  { operatorOidc, allowLoopback }: Config,
): CompanySignIn | undefined {
  if (operatorOidc === undefined) return undefined;
  const settings = { ...operatorOidc, clientSecret: operatorOidc.clientSecret.reveal() };
  try {
    return createCompanySignIn({ ...services, allowLoopback }, settings);
  } catch (cause) {
    const message = 'The settings OPERATOR_OIDC_… do not fit together. Check the issuer.';
    throw new DomainError('input', 'config_invalid', message, { cause });
  }
}
