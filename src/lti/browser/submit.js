// Sends a form that is meant to go at once, and says when a new window has opened.

const automatic = document.querySelector('form[data-automatic]');
// A field may be called "submit" and would then stand in the way of the form's own method.
if (automatic) HTMLFormElement.prototype.submit.call(automatic);

document.addEventListener('submit', (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const note = /** @type {HTMLElement | null} */ (document.querySelector('[data-opened]'));
  if (form.target === '_blank' && note) note.textContent = note.dataset.opened ?? '';
});
