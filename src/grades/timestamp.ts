import { z } from 'zod';

/**
 * RFC 3339 §5.6 and the forms of ISO 8601 that tools send: a zone is required (AGS 2.0 §3.4.9), as `Z`, `+05:30`,
 * `+0530` or `+00`; the fraction may be missing though AGS asks for it.
 */
const form = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:[.,](\d{1,12}))?([Zz]|[+-]\d{2}(?::?[0-5]\d)?)$/;

export interface Timestamp {
  /** To the microsecond, UTC offset written in full: what PostgreSQL keeps. */
  text: string;
  /** Unix milliseconds, the rest cut off. */
  milliseconds: number;
  /** Lacks the fraction that AGS 2.0 §3.4.9 asks for. */
  withoutFraction: boolean;
}

/**
 * Moments that PostgreSQL and JavaScript write alike: years of four digits, none before Christ, also after the second that
 * may be added on the way.
 */
const [earliest, latest] = [Date.UTC(1900, 0), Date.UTC(9999, 0)];

/** Reads a timestamp; undefined when it is none, names no real moment or lacks its zone. */
export function parseTimestamp(value: string): Timestamp | undefined {
  const [, date = '', time = '', fraction, zone = ''] = form.exec(value) ?? [];
  if (date === '') return undefined;
  const digits = (fraction ?? '').slice(0, 6).padEnd(6, '0');
  const offset = zoneOf(zone);
  if (offset === undefined) return undefined;
  const milliseconds = Date.parse(`${date}T${time}.${digits.slice(0, 3)}${offset}`);
  // Date.parse takes February 30 for March 2.
  if (!(milliseconds >= earliest && milliseconds < latest) || !isRealDate(date)) return undefined;
  return {
    text: `${date}T${time}.${digits}${offset}`,
    milliseconds,
    withoutFraction: fraction === undefined,
  };
}

function zoneOf(zone: string): string | undefined {
  if (/^z$/i.test(zone)) return '+00:00';
  const [, sign = '', hours = '', minutes = '00'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone) ?? [];
  return Number(hours) <= 15 ? `${sign}${hours}:${minutes}` : undefined;
}

function isRealDate(date: string): boolean {
  const parsed = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date);
}

/** A timestamp as a member of a JSON body, kept as the text it is. */
export const timestamp = z
  .string()
  .max(64)
  .refine((value) => parseTimestamp(value) !== undefined, {
    error: 'Give a timestamp with its zone, such as 2026-03-01T08:15:30.123Z (AGS 2.0 §3.4.9).',
  });
