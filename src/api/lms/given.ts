import type { z } from 'zod';
import type { updateLms } from '../../../contracts/http/lms.ts';
import type { RegistrationChanges } from '../../connections/registration.ts';
import { defined } from '../../platform/defined.ts';
import { readKeys } from '../tools/tool-handlers.ts';

type Given = Omit<z.output<(typeof updateLms)['body']['schema']>, 'status'>;

/** What was said of a registration, and nothing else. @throws DomainError input `jwks_invalid` */
export function readGiven({ reason: _reason, settings, jwks, ...fields }: Given): RegistrationChanges {
  const given = settings === undefined ? undefined : defined(settings);
  return defined({ ...fields, jwks: readKeys(jwks), settings: given }) as RegistrationChanges;
}
