import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createMailer } from '../../src/app/mail.ts';
import { Hidden } from '../../src/platform/hidden.ts';

/** A mail server that takes everything (RFC 5321 §4.1), or refuses recipients. */
async function startServer(refuses = false) {
  const said: string[] = [];
  const server = createServer((socket) => {
    let inData = false;
    socket.setEncoding('utf8').write('220 test\r\n');
    socket.on('error', () => undefined);
    socket.on('data', (text: string) => {
      for (const line of text.split('\r\n').slice(0, -1)) {
        said.push(line);
        if (inData && line !== '.') continue;
        if (line === 'DATA') inData = true;
        else if (line === '.') inData = false;
        const answer =
          line === 'DATA' ? '354 go on' : refuses && line.startsWith('RCPT') ? '550 no' : '250 ok';
        socket.write(`${line === 'QUIT' ? '221 bye' : answer}\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, said };
}

const mail = {
  to: ['a@school.example', 'b@school.example'],
  subject: 'New incident',
  text: 'What fails: launch',
};

test('mail is handed in at the configured server, from the configured address', async () => {
  const { url, said } = await startServer();
  const send = createMailer({ mail: { url: new Hidden(url), from: 'hub@hub.example' } });
  await send?.(mail);
  expect(said).toEqual(
    expect.arrayContaining([
      ...['MAIL FROM:<hub@hub.example>', 'RCPT TO:<a@school.example>', 'RCPT TO:<b@school.example>'],
      ...['Subject: New incident', 'What fails: launch'],
    ]),
  );
});

test('a refusal is a failure, and without a server there is no mailer', async () => {
  const { url } = await startServer(true);
  const send = createMailer({ mail: { url: new Hidden(url), from: 'hub@hub.example' } });
  await expect(send?.(mail)).rejects.toThrow();
  expect(createMailer({ mail: undefined })).toBeUndefined();
});
