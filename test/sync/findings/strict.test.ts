import { expect, test } from 'vitest';
import { csvFindings } from '../../../connectors/csv/finding-codes.ts';
import { restFindings } from '../../../connectors/oneroster-rest/finding-codes.ts';
import { findingGroups, isForbidden } from '../../../src/sync/findings/findings.ts';
import { decideStrict, judgeFindings } from '../../../src/sync/findings/strict.ts';

const codes = Object.entries({ ...csvFindings, ...restFindings }).map(([code, { severity }]) => ({
  code,
  severity,
}));

/** What a connector may meet that no binding forbids, or that takes its row along by itself. */
const allowed = [
  // A whole in place of changes, or files besides: the institution's own affair.
  ...['file_unknown', 'package_is_delta', 'package_is_bulk', 'mode_doubtful'],
  // When packages come, and where they are left.
  ...['package_is_old', 'package_from_future', 'packages_skipped'],
  // The last line need not have an end (RFC 4180 §2.2).
  'last_line_unended',
  'password_dropped',
  // Of the orgs of a user of 1.1; elsewhere it takes its row along.
  'list_semicolons',
  // From 1.1 to 1.2, where the hub has to choose.
  ...[
    'administrator_doubtful',
    'administrator_undecided',
    'role_without_org',
    'role_removal_unknown',
    'orgs_too_many',
  ],
  // The institution's own mapping.
  ...['mapped_value_unknown', 'mapped_date_unreadable', 'sourced_id_empty'],
  // Rows that were not taken, and what an API does not offer.
  ...['sourced_id_missing', 'sourced_id_invalid', 'row_blank', 'comma_in_list'],
  ...['endpoint_missing', 'endpoint_refused', 'sort_refused', 'filter_refused', 'pages_unstable'],
];

test.each(codes)(
  '$code: tolerated by one profile, and by the other where it is allowed',
  ({ code, severity }) => {
    const found = { code, severity, line: 7 };
    expect(decideStrict('tolerant', [code])).toEqual({ kind: 'go_on' });
    expect(judgeFindings('tolerant', [found])).toEqual([found]);
    if (allowed.includes(code)) {
      expect(decideStrict('strict', [code])).toEqual({ kind: 'go_on' });
      expect(judgeFindings('strict', [found])).toEqual([found]);
    } else {
      expect(decideStrict('strict', ['file_unknown', code])).toMatchObject({
        kind: 'refuse',
        codes: [code],
        advice: expect.stringContaining(code),
      });
      expect(judgeFindings('strict', [found])).toEqual([{ ...found, severity: 'error' }]);
    }
  },
);

test('what is refused as a whole is what connectors find: rows are rejected one by one', () => {
  const known = codes.map(({ code }) => code);
  const forbidden = Object.values(findingGroups).flatMap((texts) => Object.keys(texts).filter(isForbidden));
  expect(forbidden.filter((code) => !known.includes(code as never))).toEqual([]);
  expect(isForbidden('from_the_future')).toBe(false);
});

test('the advice names some codes and counts the others', () => {
  const many = ['ragged_row', 'nul_bytes', 'empty_file', 'column_order', 'stray_quote', 'wrong_delimiter'];
  expect(decideStrict('strict', [...many, ...many])).toMatchObject({
    codes: many.toSorted(),
    advice: expect.stringContaining('stray_quote and 1 more)'),
  });
});
