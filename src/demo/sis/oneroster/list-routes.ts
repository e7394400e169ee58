import type { Request, RequestHandler, Response, Router } from 'express';
import express from 'express';
import type { SourceRow } from '../../../../contracts/connector.ts';
import { type BindingPlace, toJson } from './binding.ts';
import { type Collection, collections, envelopes, nested } from './collections.ts';
import { answerList } from './list-answer.ts';
import { linksOf, readListQuery } from './list-query.ts';
import type { Modes } from './modes.ts';
import { fail } from './status-info.ts';

export interface ServiceOptions {
  place: BindingPlace;
  /** Where the provider is reached, without a path. */
  origin: string;
  modes: Modes;
  /** Whether the call may see lists of this kind; answers where it may not. */
  allow: (collection: Collection) => RequestHandler;
  faults: RequestHandler;
}

/** Lists, single rows and lists below one row of a service. 1.1, endpoints, 1.2 REST binding, endpoints. */
export function listRoutes(options: ServiceOptions, service: Collection['service'] | 'both'): Router {
  const router = express.Router();
  const { place, allow, faults } = options;
  const here = collections.filter((collection) => service === 'both' || collection.service === service);
  for (const collection of here) {
    const guard = allow(collection);
    router.get(`/${collection.name}`, guard, faults, (request, response) =>
      sendList(options, request, response, collection),
    );
    router.get(`/${collection.name}/:id`, guard, faults, (request, response) => {
      const row = place.shelves.find(collection.entity, String(request.params.id));
      const belongs = row && (collection.has?.(row, place.shelves) ?? true);
      if (!belongs) return fail(response, place.version, 'unknownobject', 'There is no such row.');
      return response.json({ [envelopes[collection.entity].single]: toJson(place, collection.entity, row) });
    });
  }
  for (const { parent, child, has } of nested) {
    const collection = here.find(({ name }) => name === child);
    if (!collection) continue;
    router.get(`/${parent}/:id/${child}`, allow(collection), faults, (request, response) => {
      const id = String(request.params.id);
      return sendList(options, request, response, collection, (row) => has(row, id, place.shelves));
    });
  }
  return router;
}

function sendList(
  { place, origin, modes }: ServiceOptions,
  request: Request,
  response: Response,
  collection: Collection,
  belongs?: (row: SourceRow) => boolean,
): Response {
  const read = readListQuery(request, modes);
  if (!read.ok) return fail(response, place.version, read.code, read.description);
  const answer = answerList(place, collection, read.query, belongs);
  if (!answer)
    return fail(response, place.version, 'invalid_filter_field', 'The filter names an unknown member.');
  const total = modes.totals === 'page' ? answer.given : answer.count;
  if (modes.totals !== false) response.set('X-Total-Count', String(total));
  if (modes.links !== false) response.set('Link', linksOf(request, origin, read.query, answer.count, modes));
  return response.type('json').send(answer.text);
}
