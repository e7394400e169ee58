import { institution, root } from './routes/frame-routes.tsx';
import { hubHealthRoutes, ownHealthRoutes } from './routes/health-routes.tsx';
import { hubRoutes } from './routes/hub-routes.tsx';
import { institutionRoutes } from './routes/institution-routes.tsx';

/** All addresses of the console, each with its page, which is loaded when it is first opened. */
export const routeTree = root.addChildren([
  ...hubRoutes,
  ...hubHealthRoutes,
  institution.addChildren([...institutionRoutes, ...ownHealthRoutes]),
]);
