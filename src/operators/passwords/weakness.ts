import { DomainError } from '../../platform/errors.ts';

/** What tries begin with, in lists of long passwords that became known. */
const oftenUsed = [
  'password',
  'passwort',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'iloveyou',
  'letmein',
  'administrator',
  'welcome',
  'changeme',
  'gatehouse',
];

/**
 * Whether a password is among the first that somebody would try: made of few characters, of a row of the keyboard, of a
 * well-known word or of the person's own names (NIST SP 800-63B-4 §3.1.1.2).
 */
export function decidePassword(
  password: string,
  { name, email }: { name: string; email: string },
): 'good' | 'guessable' {
  const plain = password.normalize('NFKC').toLowerCase();
  if (new Set(plain).size < 5 || isRow(plain)) return 'guessable';
  const own = [
    ...name.toLowerCase().split(/\s+/),
    email.toLowerCase().split('@')[0] ?? '',
    email.toLowerCase(),
  ];
  const known = [...oftenUsed, ...own.filter((word) => word.length >= 4)].sort((a, b) => b.length - a.length);
  // Of what is left of it without such words, as much must stay as nobody guesses soon.
  const rest = known.reduce((text, word) => text.replaceAll(word, ''), plain).replaceAll(/[\d\W_]+/g, '');
  return rest.length === plain.replaceAll(/[\d\W_]+/g, '').length || rest.length >= 8 ? 'good' : 'guessable';
}

/** Each character follows the one before, or precedes it: 123456789012, abcdefghijkl. */
function isRow(text: string): boolean {
  const steps = [...text].slice(1).map((each, i) => each.charCodeAt(0) - text.charCodeAt(i));
  return steps.filter((step) => Math.abs(step) === 1).length >= text.length - 3;
}

/** @throws DomainError input `password_weak` */
export function requireGoodPassword(password: string, person: { name: string; email: string }): void {
  if (decidePassword(password, person) === 'good') return;
  const message = 'This password is easily guessed. Take several words that do not belong together.';
  throw new DomainError('input', 'password_weak', message);
}
