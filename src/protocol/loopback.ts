/** Which names and addresses mean this very machine. */

const octet = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const loopback = new RegExp(`^(?:localhost|127\\.${octet}\\.${octet}\\.${octet}|::1|\\[::1\\])$`, 'i');

/** `localhost`, 127.0.0.0/8, ::1 with or without brackets; no port. */
export function isLoopback(host: string): boolean {
  return loopback.test(host);
}

/**
 * Whether a URL leads to a program of this machine: loopback, the unspecified address, or one of its own.
 * @param addresses of its interfaces, asked for where the rest does not decide
 */
export function isOfThisMachine(url: string, addresses: () => readonly string[]): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'http:') return false;
  const host = hostname.replace(/^\[|\]$/g, '');
  return isLoopback(host) || ['0.0.0.0', '::'].includes(host) || addresses().includes(host);
}

/** A `Host` header's name in lower case without port and final dot; undefined where it is not one. */
export function hostNameOf(header: string): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+?)\.?(?::\d{1,5})?$/i.exec(header);
  return match?.[1]?.toLowerCase();
}
