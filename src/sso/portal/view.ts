import { escapeHtml } from '../../platform/html.ts';
import type { PortalClass } from './classes.ts';

/** A tool that can be opened. */
export interface PortalTool {
  toolId: string;
  name: string;
}

/** What somebody may open. */
export interface PortalContent {
  classes: readonly PortalClass[];
  tools: readonly PortalTool[];
}

/** What the address asks for. */
export interface PortalChoice {
  /** A class, by its key. */
  class?: string | undefined;
  /** The tools outside of classes. */
  tools: boolean;
  /** From 1 on. */
  page: number;
}

/** One page of a list too long for one. */
export interface ListPage<Item> {
  items: readonly Item[];
  page: number;
  pages: number;
}

/** What the portal shows: everything where there is little, otherwise one list at a time. */
export type PortalView =
  | { kind: 'all'; classes: readonly PortalClass[]; tools: readonly PortalTool[] }
  | { kind: 'classes'; list: ListPage<PortalClass> }
  | { kind: 'class'; of: PortalClass; list: ListPage<PortalTool> }
  | { kind: 'tools'; list: ListPage<PortalTool> };

/** A page with more than this many buttons is read by nobody, and no phone is sent more than so many bytes of them. */
const mostButtons = 60;
const mostBytes = 20_000;
const pageSize = 25;

/** Pure: the same content and choice give the same view. */
export function planView({ classes, tools }: PortalContent, choice: PortalChoice): PortalView {
  const of = classes.find(({ key }) => key === choice.class);
  if (of !== undefined) return { kind: 'class', of, list: pageOf(tools, choice.page) };
  if (!choice.tools && fits(classes, tools)) return { kind: 'all', classes, tools };
  if (choice.tools || classes.length === 0) return { kind: 'tools', list: pageOf(tools, choice.page) };
  return { kind: 'classes', list: pageOf(classes, choice.page) };
}

/** About as long as the page will be: each button says its tool twice and its class once. */
function fits(classes: PortalContent['classes'], tools: PortalContent['tools']): boolean {
  const buttons = (classes.length + 1) * tools.length;
  if (buttons > mostButtons || classes.length > mostButtons) return false;
  const size = (...texts: (string | undefined)[]) => sum(texts.map((text = '') => bytesOf(clip(text))));
  const names = sum(tools.map(({ name }) => 2 * size(name) + 110));
  const titles = sum(classes.map(({ title, code, school }) => size(title, code, school) + 330));
  const labels = sum(classes.map(({ title }) => size(title) * tools.length));
  return names * (classes.length + 1) + titles + labels <= mostBytes;
}

function pageOf<Item>(all: readonly Item[], wanted: number): ListPage<Item> {
  const pages = Math.max(1, Math.ceil(all.length / pageSize));
  const page = Math.min(Math.max(1, wanted), pages);
  return { items: all.slice((page - 1) * pageSize, page * pageSize), page, pages };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

const longest = 80;
const widest = 240;

/** A name as long as a page shows it: by its characters, and by its bytes. */
export function clip(name: string): string {
  const characters = [...name];
  let length = 0;
  for (let bytes = 0; length < characters.length; length += 1) {
    bytes += bytesOf(characters[length] ?? '');
    if (bytes > widest || length === longest) return `${characters.slice(0, length - 1).join('')}…`;
  }
  return name;
}

function bytesOf(text: string): number {
  return Buffer.byteLength(escapeHtml(text));
}
