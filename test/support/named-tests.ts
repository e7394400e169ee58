import { readFileSync } from 'node:fs';
import { parseAst } from 'vitest/node';

/** A test that runs whenever its file does. */
export interface NamedTest {
  /** As it is written; with `%s` or `$name` where a table fills it in. */
  name: string;
  /** What the table is, as it is written; undefined: it is one test. */
  table: string | undefined;
}

type Node = { type: string; start: number; end: number } & Record<string, unknown>;

/**
 * The tests that a file registers, read from its syntax: what stands in a comment or a text, what is skipped or to be written
 * yet, and what only some condition registers is none.
 */
export function readTests(text: string): NamedTest[] {
  const tests: NamedTest[] = [];
  const { body } = parseAst(text, { lang: 'ts' }) as unknown as { body: Node[] };
  for (const statement of body) readStatement(statement, text, tests);
  return tests;
}

export function readTestsOf(file: URL): NamedTest[] {
  return readTests(readFileSync(file, 'utf8'));
}

/** Statements run one after the other; of those that may not run, and of functions that somebody may call, nothing is read. */
function readStatement(statement: Node, text: string, tests: NamedTest[]): void {
  if (statement.type === 'BlockStatement') {
    for (const inner of statement.body as Node[]) readStatement(inner, text, tests);
  } else if (statement.type === 'ForOfStatement') {
    readStatement(statement.body as Node, text, tests);
  } else if (statement.type === 'ExpressionStatement') {
    readCall(statement.expression as Node, text, tests);
  }
}

function readCall(call: Node, text: string, tests: NamedTest[]): void {
  if (call.type !== 'CallExpression') return;
  const registrar = readRegistrar(call.callee as Node, text);
  if (registrar === undefined) return;
  const { kind, table } = registrar;
  const [first, ...others] = call.arguments as Node[];
  const work = others.find(({ type }) => type === 'ArrowFunctionExpression' || type === 'FunctionExpression');
  if (work === undefined) return;
  const name = first && readText(first);
  if (kind === 'describe') readStatement(work.body as Node, text, tests);
  else if (name !== undefined) tests.push({ name, table });
}

/** `test`, `test.each(table)`, `describe.for(table)` and the like; not what changes whether or how it counts. */
function readRegistrar(
  callee: Node,
  text: string,
): { kind: 'test' | 'describe'; table: string | undefined } | undefined {
  if (callee.type === 'Identifier') {
    if (callee.name === 'describe') return { kind: 'describe', table: undefined };
    return callee.name === 'test' || callee.name === 'it' ? { kind: 'test', table: undefined } : undefined;
  }
  if (callee.type !== 'CallExpression') return undefined;
  const { type, object, property } = callee.callee as Node & { object: Node; property: Node };
  if (type !== 'MemberExpression' || !(property.name === 'each' || property.name === 'for')) return undefined;
  const registrar = readRegistrar(object, text);
  const [table] = callee.arguments as Node[];
  return registrar && table && { ...registrar, table: text.slice(table.start, table.end) };
}

function readText({ type, value, quasis }: Node): string | undefined {
  if (type === 'Literal') return typeof value === 'string' ? value : undefined;
  const [only, ...others] = (type === 'TemplateLiteral' ? quasis : []) as { value: { cooked: string } }[];
  return others.length === 0 ? only?.value.cooked : undefined;
}
