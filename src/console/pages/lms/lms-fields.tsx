import { NativeSelect, TextInput } from '@mantine/core';
import { authorizeMethods } from '../../../../contracts/lms.ts';
import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { defined, type Entered } from '../../parts/fields.ts';
import { JsonField, readJson } from '../../parts/json-field.tsx';

type Registration = Omit<Reply<'showLms'>['registration'], 'connectionId'>;

const addresses = ['authorizeUrl', 'tokenUrl', 'jwksUrl'] as const;

/** What an LMS says of itself. What is left empty follows from the family, or stays as it was. */
export function LmsFields({ registration }: { registration?: Registration }) {
  const { text } = useLanguage();
  return (
    <>
      <TextInput
        name="issuer"
        label={text('lms.issuer')}
        description={text('lms.issuer.about')}
        defaultValue={registration?.issuer ?? ''}
        maxLength={255}
      />
      <TextInput
        name="clientId"
        label={text('lms.clientId')}
        defaultValue={registration?.clientId ?? ''}
        maxLength={255}
        required
      />
      {addresses.map((name) => (
        <TextInput
          key={name}
          name={name}
          type="url"
          label={text(`lms.${name}`)}
          defaultValue={registration?.[name] ?? ''}
          maxLength={2000}
        />
      ))}
      <NativeSelect
        name="authorizeMethod"
        label={text('lms.authorizeMethod')}
        defaultValue={registration?.authorizeMethod ?? ''}
        data={[{ value: '', label: text('lms.byFamily') }, ...authorizeMethods]}
      />
      <JsonField name="jwks" label={text('tools.jwks')} value={registration?.jwks ?? undefined} />
    </>
  );
}

/** What was entered of an LMS; what was left empty is left out. */
export function readLms(entered: Entered) {
  return {
    clientId: entered.text('clientId'),
    ...defined({
      issuer: entered.given('issuer'),
      authorizeUrl: entered.given('authorizeUrl'),
      tokenUrl: entered.given('tokenUrl'),
      jwksUrl: entered.given('jwksUrl'),
      authorizeMethod: authorizeMethods.find((each) => each === entered.text('authorizeMethod')),
      jwks: readJson<NonNullable<Registration['jwks']>>(entered.text('jwks')),
      reason: entered.given('reason'),
    }),
  };
}
