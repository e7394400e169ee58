import { TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useLanguage } from '../../i18n/language.ts';
import { Ask } from '../../parts/ask.tsx';
import { defined } from '../../parts/fields.ts';
import { readTool, ToolFields } from './tool-fields.tsx';

/** Registers a tool with the hub, once for all institutions. */
export function RegisterTool() {
  const { text } = useLanguage();
  const navigate = useNavigate();
  return (
    <Ask
      name="registerTool"
      label={text('tools.register')}
      primary
      reason="asked"
      input={(entered) => ({
        body: {
          ...readTool(entered),
          slug: entered.text('slug'),
          ...defined({ reason: entered.given('reason') }),
        },
      })}
      onDone={({ tool }) => void navigate({ to: '/tools/$tool', params: { tool: tool.slug } })}
    >
      <TextInput
        name="slug"
        label={text('institutions.slug')}
        description={text('institutions.slug.about')}
        maxLength={63}
        required
      />
      <ToolFields />
    </Ask>
  );
}
