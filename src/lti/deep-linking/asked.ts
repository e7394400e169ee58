import type { ServiceRegistration } from '../../connections/service-registrations.ts';
import type { EnabledTool } from '../../tools/tool.ts';
import type { BrowserRequest } from '../binding.ts';
import type { Payload } from '../claims.ts';
import type { NamedLaunch } from '../launch-handle.ts';
import type { OpenRequest } from './store.ts';

export interface AnswerInput {
  parameters: Payload;
  browser: BrowserRequest;
  reference: string;
}

/** A request that is open, and who was asked. */
export interface Asked {
  named: NamedLaunch;
  request: OpenRequest;
  enabled: EnabledTool;
  registration: ServiceRegistration;
  tenant: { slug: string; locale: string };
}
