import nodemailer from 'nodemailer';
import type { Config } from '../config.ts';
import type { SendMail } from '../health/notifications/send.ts';

/**
 * Hands mail in at the configured server; undefined where none is configured. Each mail is a connection of its own: they
 * are few. Files and addresses in a mail are never read.
 */
export function createMailer({ mail }: Pick<Config, 'mail'>): SendMail | undefined {
  if (mail === undefined) return undefined;
  const transport = nodemailer.createTransport({
    url: mail.url.reveal(),
    ...{ connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  return async ({ to, ...parts }) => {
    await transport.sendMail({ from: mail.from, to: [...to], ...parts });
  };
}
