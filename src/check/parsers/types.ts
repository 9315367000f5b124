/**
 * Reads what one command prints into the structure that people already script against: jc's field names, numbers as
 * numbers, what is absent as `null`. A text that it cannot read throws an `UnreadableError`, never an empty structure.
 */
export interface Parser {
  /** The key in `yaml expect` blocks. */
  readonly kind: string;
  parse(text: string): unknown;
}
