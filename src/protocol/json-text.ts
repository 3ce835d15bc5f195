/**
 * A result that is JSON already, for doors that write JSON: nothing of it is parsed only to be written again. It comes
 * in two pieces, since most of it is kept from before and is never changed.
 */
export class JsonText {
  /** How it begins, as UTF-8. */
  readonly head: Uint8Array;
  /** The rest. */
  readonly tail: string;

  constructor(head: Uint8Array, tail: string) {
    this.head = head;
    this.tail = tail;
  }
}
