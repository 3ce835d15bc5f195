/** A result that is JSON already, for doors that write JSON: nothing of it is parsed only to be written again. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
