import { type Html, html } from '../../platform/html.ts';
import { documentWith } from '../page.ts';

/** The provider's own page, which is not the hub's: it looks like nobody's in particular. */
export function openIdPage(options: {
  /** What was wrong with the last try. */
  refused: string | undefined;
  username: string;
}): Html {
  const { refused, username } = options;
  const head = html`<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<style>
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 26rem; margin: 3rem auto; padding: 0 1rem; }
label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; }
input, button { padding: .6rem; margin: .25rem 0 1rem; }
</style>
`;
  return documentWith(
    'School account',
    head,
    html`<body><main>
<h1>School account</h1>
<p>The demo’s OpenID provider. It knows the same people as the school’s directory.</p>
${refused !== undefined && html`<p role="alert">${refused}</p>`}
<form method="post">
<label for="username">User name</label>
<input id="username" name="username" value="${username}" autocomplete="username" autocapitalize="none" required>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>Sign in</button>
</form>
<form method="post"><input type="hidden" name="cancel" value="1"><button>Cancel</button></form>
</main></body>`,
  );
}
