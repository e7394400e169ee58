/** The page's nonce for styles (CSP level 3 §6.7.3), which the hub puts anew into each answer. */
export function readNonce(page: Document): string {
  const nonce = page.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
  // What keeps the page from scrolling behind a dialog styles it by itself, and looks for the nonce here.
  Object.assign(globalThis, { __webpack_nonce__: nonce });
  return nonce;
}
