import type { z } from 'zod';
import type { operatorPage, operatorPageReply } from '../../../contracts/http/operator-fields.ts';
import { listOperators } from '../../operators/accounts/accounts.ts';
import type { LinkKind } from '../../operators/links/link.ts';
import { listLinks } from '../../operators/links/links.ts';
import type { OperatorServices, OwnerId } from '../../operators/services.ts';
import { pageOf } from '../page.ts';
import { readPlace, writePlace } from '../place.ts';
import { showLink, showOperator } from './operator-shown.ts';

/** One page of an owner's accounts, with its invitations beside the first. @param now Unix milliseconds */
export async function readOperatorPage(
  services: OperatorServices,
  owner: OwnerId,
  {
    query: { after, limit },
    kinds,
    now,
  }: { query: z.output<typeof operatorPage>; kinds: readonly LinkKind[]; now: number },
): Promise<z.input<typeof operatorPageReply>> {
  const place = readPlace(after);
  const found = await listOperators(services, owner, { after: place, limit: limit + 1 });
  const { rows, next } = pageOf(found, limit, ({ name: key, operatorId: id }) => writePlace({ key, id }));
  const links = place === undefined ? await listLinks(services, owner, kinds) : [];
  return { operators: rows.map(showOperator), invitations: links.map((link) => showLink(link, now)), next };
}
