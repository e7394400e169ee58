/** Fewer than these may be gone without anybody wondering: people leave, and one by one. */
const fewGone = 10;
const shareGone = 0.2;

/**
 * Whether accounts that a directory no longer shows are gone. A wrong base after a reorganisation, a condition that fits
 * nobody any more or a server that was restored in part answers for everybody at once, and would put a school out of its
 * lessons. Pure.
 *
 * @param asked how many were asked about, those who are gone among them
 */
export function decideGone(asked: number, gone: number): 'gone' | 'doubtful' {
  return gone > fewGone && gone > asked * shareGone ? 'doubtful' : 'gone';
}
