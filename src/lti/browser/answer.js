// Runs on the page that takes a teacher's choice to the LMS. A framed tool has sent it from within the hub's own frame, and
// the LMS's page has to take the place of what the LMS has opened: the outermost window that is the hub's.

const form = /** @type {HTMLFormElement} */ (document.getElementById('go'));
/** @type {Window | undefined} */
let outermost;

for (let one = /** @type {Window} */ (window); one !== one.parent; one = one.parent) {
  try {
    if (one.parent.location.origin === location.origin) outermost = one.parent;
  } catch {
    // A window of another origin does not say where it is.
  }
}
if (outermost) {
  // A name that no other frame has: the LMS may use one name for several.
  outermost.name = `gatehouse-${crypto.randomUUID()}`;
  form.target = outermost.name;
}
// A field may be called "submit" and would stand in the way of the form's own method.
if ('automatic' in form.dataset) HTMLFormElement.prototype.submit.call(form);
