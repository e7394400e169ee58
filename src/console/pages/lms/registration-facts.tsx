import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Facts } from '../../parts/facts.tsx';
import { SwitchTag } from '../tools/switch-tag.tsx';

/** What an LMS says of itself, and its keys. */
export function RegistrationFacts({
  of: shown,
}: {
  of: Omit<Reply<'showLms'>['registration'], 'connectionId'>;
}) {
  const { text } = useLanguage();
  return (
    <Facts
      of={[
        [text('overview.state'), <SwitchTag key="state" state={shown.status} />],
        [text('lms.issuer'), shown.issuer],
        [text('lms.clientId'), shown.clientId],
        [text('lms.authorizeUrl'), `${shown.authorizeMethod} ${shown.authorizeUrl}`],
        [text('lms.tokenUrl'), shown.tokenUrl],
        [text('lms.tokenAudience'), shown.tokenAudience],
        [
          text('lms.jwksUrl'),
          shown.jwksUrl ?? shown.jwks?.keys.map((key) => String(key.kid ?? key.kty)).join(', '),
        ],
        [text('lms.setting.allowAnonymous'), text(shown.settings.allowAnonymous ? 'word.yes' : 'word.no')],
        [
          text('lms.setting.requireBrowserProof'),
          text(shown.settings.requireBrowserProof ? 'word.yes' : 'word.no'),
        ],
        [text('lms.setting.frameAncestors'), shown.settings.frameAncestors.join(' ')],
      ]}
    />
  );
}
