import { profileOf, registeredMessages } from '../registration/profiles.ts';
import type { SetupValues } from './setup.ts';

/** The JSON of a Canvas LTI developer key, with the placements that dynamic registration asks for. */
export function canvasKey(values: SetupValues): string {
  const { placements } = profileOf('canvas');
  const key = {
    title: values.name,
    description: 'Opens the tools of this institution.',
    target_link_uri: values.targetUrl,
    oidc_initiation_url: values.loginUrl,
    public_jwk_url: values.jwksUrl,
    scopes: values.scopes,
    custom_fields: {},
    extensions: [
      {
        platform: 'canvas.instructure.com',
        domain: values.domain,
        tool_id: 'gatehouse',
        // What goes on to a tool is decided by the release policy; here it has to arrive.
        privacy_level: 'public',
        settings: {
          text: values.name,
          placements: registeredMessages.flatMap((type) =>
            placements[type].map((placement) => ({
              placement,
              message_type: type,
              target_link_uri: type === 'LtiDeepLinkingRequest' ? values.launchUrl : values.targetUrl,
              text: values.name,
              // Teachers switch it on in the courses that want it.
              ...(placement === 'course_navigation' && { default: 'disabled' }),
            })),
          ),
        },
      },
    ],
  };
  return JSON.stringify(key, null, 2);
}
