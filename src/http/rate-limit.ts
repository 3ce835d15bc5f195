/**
 * A token bucket for each client: `rate` tokens a second flow in, at most twice as many are held, a request takes
 * one. https://en.wikipedia.org/wiki/Token_bucket
 */

/** Clients remembered at most; the one unseen for longest is forgotten first. */
const MAX_CLIENTS = 10_000;

interface Bucket {
  tokens: number;
  /** When `tokens` was right, in ms. */
  at: number;
}

export class RateLimit {
  readonly #rate: number;
  readonly #buckets = new Map<string, Bucket>();
  /** Of `#buckets` the last. */
  #latest: string | undefined;

  /** @param rate requests a second; 0: no limit */
  constructor(rate: number) {
    this.#rate = rate;
  }

  /**
   * Takes a token of the client at an address.
   * @param now ms of a clock that never runs backwards
   * @returns 0 when there was one, else the seconds until there will be
   */
  take(address: string, now: number): number {
    if (this.#rate === 0) return 0;
    const client = clientOf(address);
    const bucket = this.#buckets.get(client) ?? { tokens: this.#rate * 2, at: now };
    const tokens = Math.min(this.#rate * 2, bucket.tokens + ((now - bucket.at) / 1000) * this.#rate);
    const admitted = tokens >= 1;
    bucket.tokens = admitted ? tokens - 1 : tokens;
    bucket.at = now;
    if (client !== this.#latest) this.#keep(client, bucket);
    return admitted ? 0 : (1 - tokens) / this.#rate;
  }

  get clients(): number {
    return this.#buckets.size;
  }

  #keep(client: string, bucket: Bucket): void {
    this.#buckets.delete(client);
    this.#buckets.set(client, bucket);
    this.#latest = client;
    if (this.#buckets.size <= MAX_CLIENTS) return;
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}

/** IPv4 mapped into IPv6 is IPv4; an IPv6 network of 64 bits is one client, since its owner has all its addresses. */
function clientOf(address: string): string {
  if (address.startsWith('::ffff:')) return address.slice(7);
  if (!address.includes(':') || address === '::1') return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(Boolean).length;
  return [...groups, ...Array<string>(Math.max(0, missing)).fill('0')].slice(0, 4).join(':');
}
