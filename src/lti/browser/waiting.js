// Looks every few seconds whether the deployment has been claimed, and then resumes the launch.

import { send, settings } from './page.js';

const note = /** @type {HTMLElement} */ (document.querySelector('[role=status]'));

async function look() {
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
