// Looks every few seconds whether the deployment has been claimed, and then resumes the launch. It stops when the launch
// can wait no longer: a page forgotten in a tab asks nobody for days.

import { send, settings } from './page.js';

const note = /** @type {HTMLElement} */ (document.querySelector('[role=status]'));

const until = Date.now() + settings.forSeconds * 1000;

async function look() {
  if (Date.now() > until) {
    note.textContent = note.dataset.ended ?? '';
    return;
  }
  try {
    const response = await fetch(settings.statusUrl, {
      cache: 'no-store',
      headers: { accept: 'application/json' },
    });
    const status = response.ok ? await response.json() : {};
    if (status.claimed === true) {
      note.textContent = note.dataset.ready ?? '';
      send();
      return;
    }
  } catch {
    // The next look may succeed: a laptop wakes up, a network comes back.
  }
  // The same words are not set again, so that a screen reader says them once.
  if (note.textContent === '') note.textContent = note.dataset.still ?? '';
  setTimeout(look, settings.everySeconds * 1000);
}

setTimeout(look, settings.everySeconds * 1000);
