// What the scripts of the launch pages share.

/** The data the server rendered for this page's script. */
export const settings = JSON.parse(document.body.dataset.settings ?? '{}');

/** The form that takes the page on. */
export const form = /** @type {HTMLFormElement} */ (document.getElementById('go'));

const hold = document.createElement('iframe');

/**
 * Keeps the page loading while a script waits for an answer. A page that sends its form before it has loaded is replaced;
 * one that has loaded stays a step of the window's history, and back would post a used launch again (HTML, "submit a
 * form", history handling). A document left open in a frame holds the load event back without asking any server.
 */
export function keepLoading() {
  hold.hidden = true;
  document.body.append(hold);
  hold.contentDocument?.open();
}

/** Sends the form; a field may be called "submit" and would stand in the way of the form's own method. */
export function send() {
  HTMLFormElement.prototype.submit.call(form);
}

/** Sends the form with the proof in the field kept for it. @param {string} proof */
export function sendProof(proof) {
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem(settings.proofField));
  field.value = proof;
  send();
}

/** Shows the step that needs the person, and lets a screen reader say so. */
export function showFallback() {
  // The page stays from here on, so the browser may say that it has loaded.
  hold.remove();
  document.body.classList.add('fallback');
  const heading = document.querySelector('.late h1')?.textContent ?? '';
  const status = document.querySelector('[role=status]');
  document.title = heading;
  if (status) status.textContent = heading;
}

/**
 * The message as an object; some LMSs and tools send JSON text.
 * @param {any} data
 */
export function readMessage(data) {
  try {
    const message = typeof data === 'string' ? JSON.parse(data) : data;
    return typeof message?.subject === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
