import type { Config } from '../config.ts';
import type { SendMail } from '../health/notifications/send.ts';
import { createFileSink } from '../health/sink/file-sink.ts';
import { createS3Sink } from '../health/sink/s3-sink.ts';
import type { Sink } from '../health/sink/sink.ts';
import { createMailer } from './mail.ts';
import type { Platform } from './platform.ts';

/** What is configured for news, reports and events to leave the hub by. */
export function openOutlets(
  config: Pick<Config, 'mail' | 'sinks'>,
  platform: Pick<Platform, 'fetch' | 'clock'>,
): { sendMail: SendMail | undefined; sinks: Sink[] } {
  const { folder, s3 } = config.sinks;
  const sinks = [
    ...(folder === undefined ? [] : [createFileSink(folder)]),
    ...(s3 === undefined
      ? []
      : [createS3Sink(platform, { ...s3, secretAccessKey: s3.secretAccessKey.reveal() })]),
  ];
  return { sendMail: createMailer(config), sinks };
}
