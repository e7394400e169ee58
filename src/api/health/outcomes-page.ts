import {
  type ExchangeKind,
  exchangeKinds,
  kindMeanings,
  outcomeMeanings,
  outcomes,
} from '../../../contracts/health.ts';
import { reasonsOf } from './dictionary.ts';

/** What has to be known before the reasons of a kind are read. */
const notes: Readonly<Partial<Record<ExchangeKind, string>>> = {
  token_request:
    'Before the signature is verified anybody could have sent it: then it counts as `user_error`.',
  deep_linking: 'The reasons are those of launches.',
  webhook: [
    'These are notices of an LMS (LTI Platform Notification Service 1.0): the hub asks an LMS for them, takes them and relays them;',
    'tools say where they want them. Changes of rosters are not sent. Messages about incidents are not counted here: each stands with',
    'its tries in its target’s list.',
  ].join('\n'),
};

/** The outcome dictionary as a page in Markdown (GitHub Flavored Markdown, tables). */
export function writeOutcomesPage(): string {
  const yes = (value: boolean) => (value ? 'yes' : 'no');
  return [
    '# How every exchange is counted',
    '',
    'Written by `npm run outcomes` from the code, and compared with it in a test.',
    '',
    '## Outcomes',
    '',
    ...table(
      ['Outcome', 'When', 'In the denominator', 'A failure', 'Whose turn'],
      outcomes.map((outcome) => {
        const { about, counted, failure, blame } = outcomeMeanings[outcome];
        return [code(outcome), about, yes(counted), yes(failure), blame];
      }),
    ),
    '',
    '## Kinds',
    '',
    ...table(
      ['Kind', 'What it is', 'Its record'],
      exchangeKinds.map((kind) => {
        const { about, record } = kindMeanings[kind];
        return [
          code(kind),
          about,
          record === 'batches' ? 'in batches, by the best effort' : `its row in ${code(record)}`,
        ];
      }),
    ),
    ...exchangeKinds.flatMap((kind) => [
      '',
      `## Reasons: ${kind.replaceAll('_', ' ')}`,
      '',
      ...(notes[kind] === undefined ? [] : [notes[kind]]),
      ...(notes[kind] !== undefined && reasonsOf[kind]().length > 0 ? [''] : []),
      ...(reasonsOf[kind]().length === 0
        ? []
        : table(
            ['Reason', 'Outcome', 'What it means and what mends it'],
            reasonsOf[kind]().map((each) => [
              code(each.code) + (each.by === undefined ? '' : ` (${each.by})`),
              code(each.outcome),
              each.about,
            ]),
          )),
    ]),
    '',
  ].join('\n');
}

function code(text: string): string {
  return text.startsWith('(') ? text : `\`${text}\``;
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)];
}
