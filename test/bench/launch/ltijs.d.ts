/** The part of ltijs 5.9 that the benchmark uses; the package has no types of its own. */
declare module 'ltijs' {
  import type { Express, Request, Response } from 'express';

  export interface IdToken {
    user: string;
    deploymentId: string;
    userInfo: { name?: string; email?: string };
    platformContext: { resource: { id: string } };
  }

  interface PlatformOptions {
    url: string;
    name: string;
    clientId: string;
    authenticationEndpoint: string;
    accesstokenEndpoint: string;
    authConfig: { method: 'JWK_SET'; key: string };
  }

  interface SetUpOptions {
    appRoute: string;
    loginRoute: string;
    cookies: { secure: boolean; sameSite: string };
    devMode: boolean;
    tokenMaxAge: number;
    /** What it says of itself when it registers by dynamic registration, at `/register`. */
    dynReg?: { url: string; name: string; description?: string; autoActivate?: boolean };
  }

  type GradeCall = (token: unknown, ...given: never[]) => Promise<unknown>;

  export interface LtiProvider {
    app: Express;
    Grade: Record<string, GradeCall>;
    NamesAndRoles: { getMembers(token: unknown, options: object): Promise<unknown> };
    DeepLinking: {
      createDeepLinkingForm(token: unknown, items: unknown[], options: object): Promise<string>;
    };
    setup(encryptionKey: string, database: { plugin: unknown }, options: SetUpOptions): LtiProvider;
    onDeepLinking(handler: (token: IdToken, request: Request, response: Response) => unknown): true;
    onConnect(handler: (token: IdToken, request: Request, response: Response) => unknown): true;
    deploy(options: { serverless: boolean; silent: boolean }): Promise<true>;
    registerPlatform(options: PlatformOptions): Promise<unknown>;
    close(options: { silent: boolean }): Promise<true>;
  }

  const ltijs: { Provider: LtiProvider };
  export default ltijs;
}

declare module 'ltijs-sequelize' {
  interface SequelizeOptions {
    host: string;
    port: number;
    dialect: 'postgres';
    logging: false;
    pool: { max: number; min: number };
  }
  export default class Database {
    constructor(database: string, user: string, password: string, options: SequelizeOptions);
  }
}
