import type { Html } from '../../../platform/html.ts';
import { html } from '../../../platform/html.ts';

export type IconName = 'leaf' | 'page' | 'tool' | 'window' | 'home' | 'grades' | 'people' | 'calendar';

const shapes: Record<IconName, Html> = {
  leaf: html`<path d="M12 2l2.2 4.2 3.3-1.2-.6 4.3 4.6 1-3 3.6 1 2.6-5.2.3L12 17l-2.3-.2-5.2-.3 1-2.6-3-3.6 4.6-1-.6-4.3 3.3 1.2z"/><path d="M12 13v9"/>`,
  page: html`<path d="M6 3h8l4 4v14H6z"/><path d="M14 3v4h4M9 12h6M9 16h6"/>`,
  tool: html`<path d="M4 8h16v11H4z"/><path d="M9 8V5h6v3M4 13h16M12 12v2"/>`,
  window: html`<path d="M14 4h6v6M20 4l-9 9"/><path d="M18 14v6H4V6h6"/>`,
  home: html`<path d="M4 11l8-7 8 7v9h-5v-6H9v6H4z"/>`,
  grades: html`<path d="M4 4h16v16H4zM4 10h16M10 10v10"/>`,
  people: html`<circle cx="9" cy="8" r="3.5"/><path d="M3 20c0-4 2.5-6 6-6s6 2 6 6M16 5a3.5 3.5 0 010 6.5M17.5 14.5c2.2.7 3.5 2.5 3.5 5.5"/>`,
  calendar: html`<path d="M4 6h16v14H4zM4 10h16M8 3v4M16 3v4"/>`,
};

/** A decorative line icon; the text beside it carries the meaning. */
export function icon(name: IconName): Html {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${shapes[name]}</svg>`;
}
