import * as is from './byte-kinds.ts';
import { isSpaces, putNumber, toUtf8 } from './bytes.ts';
import type { FindingLog } from './finding-log.ts';
import { KEPT, LEFT_OUT, type RecordLayout } from './record-layout.ts';
import { Surplus } from './surplus.ts';

// Where in a field the scanner is. Before CLOSED, ordinary bytes are only copied.
const PLAIN = 0;
const QUOTED = 1;
/** In a field that came without quotes and needs them. */
const FIXED = 2;
/** After a quote within a quoted field: its end, or the first of two. */
const CLOSED = 3;
/** After spaces behind that. */
const TRAILING = 4;

const longestRecord = 1024 * 1024;
/** A line's number and a comma. */
const longestPrefix = 20;

/**
 * Turns the records of a CSV file into CSV that the database can read as it is: each with its line's number in front,
 * parted by commas, ended by LF, quoted where it must be, in UTF-8 and without NUL; unwanted columns left out. Records
 * that cannot be read are left out and reported. Works on bytes, in one loop, since files have millions of rows: no
 * object is made for a record (RFC 4180 §2; an empty field never has quotes, so that the database reads it as null).
 */
export class RecordScanner {
  rows = 0;
  rejected = 0;
  /** Whether all that was read so far was readable to the end of its record. */
  isWhole = true;
  /** Where the last record begins, if its line has no end. */
  unendedLine: number | undefined;
  /** How often a column that is left out or watched held something. */
  readonly filled: Uint32Array;
  /** Of the records that were left out for nothing else. */
  readonly surplus = new Surplus();

  readonly #layout: RecordLayout;
  readonly #findings: FindingLog;
  readonly #kinds: Uint8Array;
  /** What is written and not yet given out; its start is a record's. */
  #out: Buffer = Buffer.allocUnsafe(256 * 1024);
  /** What was given out last, and is written into next: new memory for every piece of a large file would be collected all the time. */
  #given: Buffer = Buffer.alloc(0);
  #length = 0;
  #recordStart = 0;
  #fieldStart = 0;
  #field = 0;
  #state = PLAIN;
  #line: number;
  #recordLine: number;
  #hasHigh = false;
  #isRagged = false;
  /** A stray quote within quotes: if the record goes over several lines, it is rather two records with a quote lost. */
  #hasStray = false;
  #returnPending = false;
  /** Bytes of the file since the last record ended, as far as they fill whole pieces: not all of them are written. */
  #pending = 0;
  #stopped = false;

  constructor(layout: RecordLayout, findings: FindingLog) {
    this.#layout = layout;
    this.#findings = findings;
    this.#kinds = is.kindsOfBytes(layout.delimiter, layout.endsInCr);
    this.filled = new Uint32Array(layout.fields);
    this.#line = layout.firstLine;
    this.#recordLine = layout.firstLine;
    this.#beginRecord();
  }

  /** Whether the rest of the file is not worth reading. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Takes in a piece of the file. @returns the whole records it has completed, to be read before the next piece comes */
  push(block: Buffer): Buffer {
    if (this.#stopped || block.length === 0) return Buffer.alloc(0);
    if (this.#returnPending) {
      this.#returnPending = false;
      if (block[0] !== is.LF) {
        this.#findings.add('stray_carriage_return', { line: this.#line });
        if (this.#state < CLOSED) this.#scan(Buffer.of(is.SPACE));
      }
    }
    this.#pending += block.length;
    this.#scan(block);
    return this.#take();
  }

  /** Ends the file. @returns its last record, if it had no line end */
  end(): Buffer {
    const isEmpty = this.#field === 0 && this.#length === this.#fieldStart && this.#state === PLAIN;
    if (this.#stopped || isEmpty) return Buffer.alloc(0);
    if (this.#state === QUOTED) {
      this.isWhole = false;
      this.#findings.add('unbalanced_quote', { line: this.#recordLine });
      this.rejected += 1;
      return Buffer.alloc(0);
    }
    this.unendedLine = this.#recordLine;
    const { rejected } = this;
    this.#scan(Buffer.of(is.LF));
    this.isWhole &&= this.rejected === rejected;
    return this.#take();
  }

  /** Whole records so far; what has begun stays. */
  #take(): Buffer {
    const [written, start] = [this.#out, this.#recordStart];
    const left = this.#length - start;
    this.#out = this.#given.length < left ? Buffer.allocUnsafe(written.length) : this.#given;
    this.#given = written;
    written.copy(this.#out, 0, start, this.#length);
    this.#length = left;
    this.#fieldStart -= start;
    this.#recordStart = 0;
    if (Math.max(this.#length, this.#pending) > longestRecord) {
      this.#findings.add('record_too_long', { line: this.#recordLine });
      this.isWhole = false;
      this.#stopped = true;
    }
    return written.subarray(0, start);
  }

  #scan(block: Buffer): void {
    const kinds = this.#kinds;
    const { keep } = this.#layout;
    const end = block.length;
    this.#reserve(end);
    let [out, length, fieldStart] = [this.#out, this.#length, this.#fieldStart];
    let [state, field] = [this.#state, this.#field];
    for (let index = 0; index < end; index++) {
      const byte = block[index] as number;
      let kind = kinds[byte] as number;
      if (kind === is.ORDINARY && state < CLOSED) {
        out[length++] = byte;
        continue;
      }
      if (kind === is.DELIMITER && state !== QUOTED) {
        if (state !== PLAIN) length = this.#endField(length, fieldStart, state);
        state = PLAIN;
        const fate = keep[field] ?? LEFT_OUT;
        if (fate !== KEPT && length > fieldStart) this.#count(field);
        if (fate === LEFT_OUT) length = fieldStart;
        else out[length++] = is.COMMA;
        fieldStart = length;
        field += 1;
        continue;
      }
      if (kind === is.LINE_END) {
        this.#line += 1;
        if (state !== QUOTED) {
          if (state !== PLAIN) length = this.#endField(length, fieldStart, state);
          this.#endRecord(field, length, fieldStart);
          this.#reserve(end - index);
          out = this.#out;
          length = this.#length;
          fieldStart = this.#fieldStart;
          state = PLAIN;
          field = 0;
          continue;
        }
        kind = is.ORDINARY;
      }
      if (kind === is.NUL) {
        this.#findings.add('nul_bytes', { line: this.#line });
        continue;
      }
      if (kind === is.HIGH) this.#hasHigh = true;
      if (kind === is.RETURN && state !== QUOTED) {
        if (index + 1 === end) this.#returnPending = true;
        else if (block[index + 1] !== is.LF) {
          this.#findings.add('stray_carriage_return', { line: this.#line });
          if (state < CLOSED) out[length++] = is.SPACE;
        }
        continue;
      }
      if (kind === is.QUOTES) {
        if (state === QUOTED || state === CLOSED) {
          out[length++] = is.QUOTE;
          state = state === QUOTED ? CLOSED : QUOTED;
          continue;
        }
        if (state === FIXED) out[length++] = is.QUOTE;
        if (state === PLAIN && isSpaces(out, fieldStart, length)) {
          if (length > fieldStart) this.#findings.add('stray_quote', { line: this.#line });
          length = fieldStart;
          state = QUOTED;
        }
      }
      if (state === PLAIN && (kind === is.QUOTES || kind === is.NEEDS_QUOTES)) {
        out.copyWithin(fieldStart + 1, fieldStart, length);
        out[fieldStart] = is.QUOTE;
        length += 1;
        state = FIXED;
        if (kind === is.QUOTES) {
          this.#findings.add('stray_quote', { line: this.#line });
          out[length++] = is.QUOTE;
        }
      } else if (state >= CLOSED) {
        if (byte === is.SPACE) state = TRAILING;
        else {
          // The quote before was none of an end: it is doubled, and the field goes on.
          const closing = out.lastIndexOf(is.QUOTE, length - 1);
          out.copyWithin(closing + 1, closing, length);
          length += 1;
          this.#hasStray = true;
          this.#findings.add('stray_quote', { line: this.#line });
          state = kind === is.QUOTES ? CLOSED : QUOTED;
        }
      }
      out[length++] = byte;
    }
    [this.#length, this.#fieldStart] = [length, fieldStart];
    [this.#state, this.#field] = [state, field];
  }

  /** Ends a field that has quotes, or gets them. @returns its end */
  #endField(length: number, fieldStart: number, state: number): number {
    if (state === FIXED) {
      this.#out[length] = is.QUOTE;
      return length + 1;
    }
    let end = length;
    if (state === TRAILING) {
      this.#findings.add('stray_quote', { line: this.#line });
      while (this.#out[end - 1] === is.SPACE) end -= 1;
    }
    return end === fieldStart + 2 ? fieldStart : end;
  }

  #count(field: number): void {
    if (field >= this.#layout.fields) this.#isRagged = true;
    else this.filled[field] = (this.filled[field] ?? 0) + 1;
  }

  /** @param field number of the last field, @param length end of it */
  #endRecord(field: number, length: number, fieldStart: number): void {
    const isBlankLine = field === 0 && length === fieldStart;
    const surplus = field + 1 - this.#layout.fields - this.#layout.blankFields;
    let end = length;
    const fate = this.#layout.keep[field] ?? LEFT_OUT;
    if (fate !== KEPT && length > fieldStart) this.#count(field);
    if (fate === LEFT_OUT) end = fieldStart - 1;
    if (isBlankLine) end = this.#recordStart;
    else if (this.#isRagged || surplus !== 0) {
      if (!this.#isRagged && surplus > 0) this.surplus.note(surplus);
      end = this.#reject('ragged_row');
    } else if (this.#hasStray && this.#line - this.#recordLine > 1) end = this.#reject('unbalanced_quote');
    else {
      if (this.#hasHigh) end = this.#mendUtf8(end);
      this.#out[end++] = is.LF;
      this.rows += 1;
    }
    this.#length = end;
    this.#recordStart = end;
    this.#recordLine = this.#line;
    this.#pending = 0;
    this.#beginRecord();
  }

  #reject(code: 'ragged_row' | 'unbalanced_quote'): number {
    this.#findings.add(code, { line: this.#recordLine });
    this.rejected += this.#line - this.#recordLine;
    return this.#recordStart;
  }

  #mendUtf8(end: number): number {
    const mended = toUtf8(this.#out.subarray(this.#recordStart, end));
    if (mended === undefined) return end;
    this.#findings.add('invalid_utf8', { line: this.#recordLine });
    this.#length = this.#recordStart;
    this.#reserve(mended.length + longestPrefix);
    return this.#recordStart + mended.copy(this.#out, this.#recordStart);
  }

  #beginRecord(): void {
    this.#state = PLAIN;
    this.#field = 0;
    this.#hasHigh = false;
    this.#isRagged = false;
    this.#hasStray = false;
    this.#reserve(longestPrefix);
    this.#length = putNumber(this.#out, this.#length, this.#recordLine);
    this.#out[this.#length++] = is.COMMA;
    this.#fieldStart = this.#length;
  }

  /** Makes room for what `bytes` of the file may become: a byte becomes three at most. */
  #reserve(bytes: number): void {
    const needed = this.#length + 3 * bytes + 2 * longestPrefix;
    if (needed <= this.#out.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#out.length));
    this.#out.copy(larger, 0, 0, this.#length);
    this.#out = larger;
  }
}
