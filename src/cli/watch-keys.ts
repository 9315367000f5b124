/** What keys ask for. */
export interface WatchKeys {
  readonly all: () => void;
  readonly failed: () => void;
  readonly end: () => void;
}

const ctrlC = '\x03';
const ctrlD = '\x04';

/** Listens to single keys, where there is a terminal. Returns what ends it, and gives the terminal back as it was. */
export function listenToKeys({ all, failed, end }: WatchKeys): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => {};
  const onData = (bytes: Buffer): void => {
    for (const key of bytes.toString()) {
      if ('\r\na'.includes(key)) all();
      else if (key === 'f') failed();
      else if (['q', ctrlC, ctrlD].includes(key)) end();
    }
  };
  stdin.setRawMode(true);
  // A terminal that goes away tells of it by SIGHUP.
  stdin
    .on('data', onData)
    .on('error', () => {})
    .resume();
  return () => {
    stdin.off('data', onData).pause();
    try {
      stdin.setRawMode(false);
    } catch {
      // A terminal that was closed has no modes.
    }
  };
}
