import type { Json } from './binding.ts';

export interface Clause {
  field: string;
  operator: '=' | '!=' | '>' | '>=' | '<' | '<=' | '~';
  value: string;
}

export interface Filter {
  joined: 'AND' | 'OR';
  clauses: Clause[];
}

/** Reads a filter: one clause, or two with AND or OR (1.1, filtering, 1.2 REST binding, filtering); undefined if it is none. */
export function parseFilter(text: string): Filter | undefined {
  const clause = "([\\w.]+)\\s*(!=|>=|<=|=|>|<|~)\\s*'([^']*)'";
  const found = new RegExp(`^\\s*${clause}(?:\\s+(AND|OR)\\s+${clause})?\\s*$`).exec(text);
  if (!found) return undefined;
  const [, field = '', operator, value = '', joined, otherField = '', otherOperator, otherValue = ''] = found;
  const clauses = [{ field, operator: operator as Clause['operator'], value }];
  if (joined !== undefined) {
    clauses.push({ field: otherField, operator: otherOperator as Clause['operator'], value: otherValue });
  }
  return { joined: joined === 'OR' ? 'OR' : 'AND', clauses };
}

export function matches({ joined, clauses }: Filter, read: (field: string) => unknown): boolean {
  const holds = ({ field, operator, value }: Clause) =>
    valuesOf(read(field)).some((one) => decide(one, operator, value));
  return joined === 'OR' ? clauses.some(holds) : clauses.every(holds);
}

/** A member below others by dots, as `school.sourcedId`. */
export function readPath(json: Json, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (held, name) => (typeof held === 'object' && held !== null ? (held as Json)[name] : undefined),
      json,
    );
}

/** 1.1, filtering: a list has a value where one of its members does. */
function valuesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return [value === undefined || value === null ? '' : String(value)];
}

function decide(held: string, operator: Clause['operator'], asked: string): boolean {
  // Text is compared without regard to case (1.1, filtering).
  const [a, b] = [held.toLowerCase(), asked.toLowerCase()];
  const [left, right] = asTimes(held, asked) ?? [a, b];
  switch (operator) {
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '~':
      return a.includes(b);
  }
}

/** Moments are compared as such, however they are written. */
function asTimes(held: string, asked: string): [number, number] | undefined {
  if (!/^\d{4}-\d{2}-\d{2}/.test(held) || !/^\d{4}-\d{2}-\d{2}/.test(asked)) return undefined;
  const [a, b] = [Date.parse(held), Date.parse(asked)];
  return Number.isNaN(a) || Number.isNaN(b) ? undefined : [a, b];
}
