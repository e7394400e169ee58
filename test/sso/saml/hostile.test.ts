import { beforeAll, describe, expect, test } from 'vitest';
import { receiveResponse } from '../../../src/sso/saml/saml.ts';
import { hostileMessages } from './support/hostile/corpus.ts';
import { lie, type Stage } from './support/hostile/message.ts';
import { field } from './support/idp.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
let stage: Stage;
beforeAll(async () => {
  world = await createWorld();
  const { keys, target } = world;
  stage = {
    target,
    otherTarget: {
      ...target,
      spEntityId: 'https://hub.example/t/south/saml/9',
      acsUrl: 'https://hub.example/t/south/saml/9/acs',
      requestId: '_southern',
    },
    ...{ active: keys.active, retired: keys.retired, stranger: keys.stranger },
    decryption: keys.decryption.certificate.key,
  };
});

const receive = (SAMLResponse: string) =>
  receiveResponse({
    connection: world.connection,
    fields: { SAMLResponse },
    request: world.request,
    now: world.now,
  });

test('the stage is sound: an honest answer on it is accepted', () => {
  expect(receive(field(lie(stage))).accepted).toBe(true);
});

describe('a hostile message is refused by name', () => {
  test.each(hostileMessages)('$name', ({ build, reason }) => {
    const result = receive(build(stage));
    expect(result).toMatchObject({ accepted: false, reason });
    expect(result.checks.some(({ rule, passed }) => rule === reason && !passed)).toBe(true);
  });
});
