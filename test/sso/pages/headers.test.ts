import { expect, test } from 'vitest';
import { signInHeaders } from '../../../src/sso/pages/headers.ts';

const formsOf = (forms: Parameters<typeof signInHeaders>[0]['forms']) =>
  /form-action (.*)$/.exec(signInHeaders({ forms, isLocal: false })['Content-Security-Policy'] ?? '')?.[1];

test('where the hub is served by TLS no form leaves it in the clear', () => {
  expect(formsOf('none')).toBe("'none'");
  expect(formsOf('own')).toBe("'self'");
  expect(formsOf('onward')).toBe("'self' https:");
  expect(formsOf('partner')).toBe('https:');
});
