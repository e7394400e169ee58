import { Checkbox, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { serviceScopes } from '../../../../contracts/scopes.ts';
import { presentations } from '../../../../contracts/tools.ts';
import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import type { Entered } from '../../parts/fields.ts';
import { JsonField, readJson } from '../../parts/json-field.tsx';

type Tool = Reply<'showTool'>['tool'];
type KeySet = NonNullable<Tool['jwks']>;

/** What the hub is told of a tool: where it begins, where it takes id_tokens, and its keys. */
export function ToolFields({ tool }: { tool?: Tool }) {
  const { text } = useLanguage();
  const address = (name: 'loginInitiationUrl' | 'targetLinkUri') => (
    <TextInput
      name={name}
      type="url"
      label={text(`tools.${name}`)}
      defaultValue={tool?.[name] ?? ''}
      maxLength={2000}
      required
    />
  );
  return (
    <Stack gap="sm">
      <TextInput
        name="name"
        label={text('overview.name')}
        defaultValue={tool?.name ?? ''}
        maxLength={200}
        required
      />
      {address('loginInitiationUrl')}
      {address('targetLinkUri')}
      <Textarea
        name="redirectUris"
        label={text('tools.redirectUris')}
        description={text('form.lines')}
        defaultValue={tool?.redirectUris.join('\n') ?? ''}
        autosize
        minRows={2}
        required
      />
      <TextInput
        name="jwksUrl"
        type="url"
        label={text('tools.jwksUrl')}
        defaultValue={tool?.jwksUrl ?? ''}
        maxLength={2000}
      />
      <JsonField name="jwks" label={text('tools.jwks')} value={tool?.jwks ?? undefined} />
      <NativeSelect
        name="presentation"
        label={text('tools.presentation')}
        defaultValue={tool?.presentation ?? 'framed'}
        data={presentations.map((value) => ({ value, label: text(`presentation.${value}`) }))}
      />
      <Checkbox
        name="supportsStorage"
        label={text('tools.supportsStorage')}
        defaultChecked={tool?.supportsStorage ?? false}
      />
      <ScopeBoxes chosen={tool?.scopes ?? []} />
    </Stack>
  );
}

/** What a tool may ask access tokens for. */
export function ScopeBoxes({ chosen }: { chosen: readonly string[] }) {
  const { text } = useLanguage();
  return (
    <fieldset className="boxes">
      <legend>{text('tools.scopes')}</legend>
      {[...new Set([...serviceScopes, ...chosen])].map((scope) => (
        <Checkbox
          key={scope}
          name="scopes"
          value={scope}
          label={scope.split('/scope/').at(-1) ?? scope}
          defaultChecked={chosen.includes(scope)}
        />
      ))}
    </fieldset>
  );
}

/** What was entered of a tool. */
export function readTool(entered: Entered) {
  const jwks = readJson<KeySet>(entered.text('jwks'));
  return {
    name: entered.text('name'),
    loginInitiationUrl: entered.text('loginInitiationUrl'),
    targetLinkUri: entered.text('targetLinkUri'),
    redirectUris: entered.lines('redirectUris'),
    jwksUrl: entered.given('jwksUrl') ?? null,
    jwks: jwks ?? null,
    presentation: presentations.find((each) => each === entered.text('presentation')) ?? 'framed',
    supportsStorage: entered.has('supportsStorage'),
    scopes: entered.all('scopes'),
  };
}
