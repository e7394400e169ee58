import { NumberInput, TextInput } from '@mantine/core';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { Ask } from '../../parts/ask.tsx';
import type { OwnCheck } from './open-checks.ts';

/** What can be done about a check right here; nothing where it is done elsewhere. */
export function CheckAct({ slug, of: { of, check } }: { slug: string; of: OwnCheck }) {
  const { text } = useLanguage();
  if (check.check === 'contacts') {
    return (
      <Act
        name="noteReadiness"
        label={text('readiness.note.contacts')}
        input={(reason) => ({ params: { slug }, body: { subject: 'contacts', ...withReason(reason) } })}
      >
        {text('readiness.note.contacts.about')}
      </Act>
    );
  }
  if (of === undefined) return null;
  const { connectionId } = of;
  if (check.check === 'grade_return') {
    return (
      <Act
        name="noteReadiness"
        label={text('readiness.note.grade')}
        input={(reason) => ({
          params: { slug },
          body: { subject: 'grade_return', connectionId, ...withReason(reason) },
        })}
      >
        {text('readiness.note.grade.about')}
      </Act>
    );
  }
  if (check.check === 'credentials' && check.state === 'missing') {
    const names = String(check.facts.names ?? '').split(', ');
    return <SecretTerm params={{ slug, connectionId }} name={names[0] ?? ''} />;
  }
  return null;
}

function SecretTerm({ params, name }: { params: { slug: string; connectionId: string }; name: string }) {
  const { text } = useLanguage();
  return (
    <Ask
      name="setSecretTerm"
      label={text('readiness.secret')}
      reason="asked"
      input={(entered) => ({
        params,
        body: {
          name: entered.text('name'),
          // It holds for the whole of its last day.
          notAfter: `${entered.text('day')}T23:59:59Z`,
          ...withReason(entered.given('reason')),
        },
      })}
    >
      <TextInput
        name="name"
        label={text('readiness.secret.name')}
        defaultValue={name}
        maxLength={100}
        required
      />
      <TextInput name="day" type="date" label={text('readiness.secret.day')} required />
    </Ask>
  );
}

/** Notes what load the hub bore in a test. */
export function NoteLoadTest() {
  const { text } = useLanguage();
  return (
    <Ask
      name="noteLoadTest"
      label={text('readiness.note.load')}
      reason="asked"
      input={(entered) => ({
        body: { amount: Number(entered.text('amount')), ...withReason(entered.given('reason')) },
      })}
    >
      <NumberInput
        name="amount"
        label={text('readiness.note.amount')}
        min={1}
        allowDecimal={false}
        required
      />
    </Ask>
  );
}
