import { useState } from 'react';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { OwnParameters } from './own-parameters.tsx';
import { diffRules, type Rules } from './policy-draft.ts';
import { PolicyEditor } from './policy-editor.tsx';
import { PolicyVersions } from './policy-versions.tsx';

/** What one tool may see of an institution’s people: the policy in force, a draft beside it, and every version before. */
export function PolicyPage() {
  const { text } = useLanguage();
  const { can } = useSession();
  const params = { slug: usePathValue('slug'), tool: usePathValue('tool') };
  const shown = useRead('showPolicy', { params });
  const tools = useRead('listEnablements', { params: { slug: params.slug } });
  const [draft, setDraft] = useState<Rules>();
  const enablement = tools.data?.enablements.find(({ slug }) => slug === params.tool);
  const inForce = shown.data?.policy;
  const changes = inForce && draft ? diffRules(inForce.rules, draft) : [];
  return (
    <Page
      title={enablement?.name ?? params.tool}
      about={text('policy.about')}
      above={
        <TextLink to="/institutions/$slug/tools" params={params}>
          {text('nav.tools')}
        </TextLink>
      }
      actions={
        can('tools:write') &&
        inForce &&
        draft &&
        changes.length > 0 && (
          <Act
            name="setPolicy"
            label={text('policy.save')}
            primary
            input={(reason) => ({
              params,
              body: { rules: draft, basedOn: inForce.version, ...withReason(reason) },
            })}
            onDone={() => setDraft(undefined)}
          >
            <p>{text('policy.save.about', { count: changes.length })}</p>
            <ul>
              {changes.map(({ purpose, field, from, to }) => (
                <li key={`${purpose} ${field}`}>
                  {text(`purpose.${purpose}`)}: {field}, {text(`releaseAction.${from}`)} →{' '}
                  {text(`releaseAction.${to}`)}
                </li>
              ))}
            </ul>
          </Act>
        )
      }
    >
      <Loaded of={shown} lines={10}>
        {(data) => (
          <>
            <PolicyEditor params={params} policy={data} draft={draft} setDraft={setDraft} />
            {enablement && <OwnParameters slug={params.slug} enablement={enablement} />}
            <PolicyVersions policy={data} onTake={setDraft} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
