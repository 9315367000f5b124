import type { Reporter, ReportTarget } from './types.ts';

/** Writes the `run` of `run:end` as one JSON document, when it comes. */
export function createReporter(target: ReportTarget): Reporter {
  return {
    event(event) {
      if (event.type === 'run:end') target.write(`${asJson(event.run, 2)}\n`);
    },
  };
}

/** As JSON in which no byte is a control character: JSON itself escapes those up to U+001F alone, and terminals know more. */
export function asJson(value: unknown, indent?: number): string {
  return escapeControls(JSON.stringify(value, keepKeys, indent));
}

/** The same for what is JSON already. */
export function escapeControls(json: string): string {
  return json.replace(/[\u007f-\u009f]/g, escapeControl);
}

function escapeControl(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A value that is not there is `null`: a reader can count on every key. */
function keepKeys(_key: string, value: unknown): unknown {
  return value === undefined ? null : value;
}
