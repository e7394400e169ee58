// Brings the scores on the page up to date every two seconds, and only where something has changed.
const every = 2000;
const book = document.getElementById('book');
const news = document.getElementById('news');
let shown = book.innerHTML;

function replaceWith(fresh) {
  const open = [...book.querySelectorAll('details[open]')].map(({ id }) => id);
  const focused = book.contains(document.activeElement)
    ? document.activeElement.closest('details')?.id
    : undefined;
  shown = fresh;
  book.innerHTML = fresh;
  for (const id of open) document.getElementById(id)?.setAttribute('open', '');
  if (focused !== undefined) document.getElementById(focused)?.querySelector('summary').focus();
}

async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(window.location.href);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = page.getElementById('book')?.innerHTML;
  if (fresh === undefined || fresh === shown) return;
  replaceWith(fresh);
  news.textContent = page.getElementById('news').textContent;
}

function again() {
  // The platform may be starting again: the next try will tell.
  refresh()
    .catch(() => undefined)
    .finally(() => setTimeout(again, every));
}

setTimeout(again, every);
