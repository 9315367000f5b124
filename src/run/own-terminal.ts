/** The terminal in which somebody learns, as the command line hands it over. */
export interface OwnTerminal {
  /** False: a pipe, which has no keys and no size. */
  readonly isTerminal: boolean;
  readonly colour: boolean;
  readonly unicode: boolean;
  /** As they are now. */
  readonly rows: number;
  readonly columns: number;
  write(text: string | Uint8Array): void;
  /** Keys as they are pressed, Ctrl-C included; `undefined` when there will be no more. Returns what ends it. */
  listen(input: (bytes: Buffer | undefined) => void, resized: () => void): () => void;
}
