/** A prompt at the start of a line of a transcript. */
export interface Prompt {
  /** As a terminal prints it, with its trailing blank: `/ # `. */
  readonly text: string;
  /** What prompts of one shell have in common, whatever its working directory: `path #` for `/ # ` and `/tmp # `. */
  readonly shape: string;
  /** `bare`: `$ ` or `# `, which may also start an ordinary line. `shell`: printed by a container's or nested shell. */
  readonly kind: 'bare' | 'shell' | 'host' | 'named';
  /** How many characters of the line it takes. */
  readonly length: number;
}

interface Form {
  readonly kind: Prompt['kind'];
  readonly pattern: RegExp;
  shape(match: RegExpExecArray): string;
}

/** The prompts that FORMAT.md lists; each pattern ends at the prompt's last character, before its blank. */
const FORMS: readonly Form[] = [
  { kind: 'bare', pattern: /^([$#])(?= |$)/, shape: ([, mark]) => `${mark}` },
  { kind: 'shell', pattern: /^(?:~|\/)[^\s#$]{0,200} ([$#])(?= |$)/, shape: ([, mark]) => `path ${mark}` },
  {
    kind: 'host',
    pattern: /^([\w.-]{1,64}@[\w.-]{1,64}):[^\s#$]{0,200} ?([$#])(?= |$)/,
    shape: ([, who, mark]) => `${who}:path${mark}`,
  },
  {
    kind: 'host',
    pattern: /^([A-Za-z][\w.-]{0,63}):(?:~|\/(?!\/))[^\s#$]{0,200} ?([$#])(?= |$)/,
    shape: ([, who, mark]) => `${who}:path${mark}`,
  },
  {
    kind: 'host',
    pattern: /^\[([\w.-]{1,64}@[\w.-]{1,64}) [^\]\n]{0,200}\] ?([$#])(?= |$)/,
    shape: ([, who, mark]) => `[${who} path]${mark}`,
  },
  { kind: 'shell', pattern: /^((?:ba|da|k|z|a)?sh(?:-[\d.]+)?[$#])(?= |$)/, shape: ([, whole]) => `${whole}` },
  { kind: 'host', pattern: /^([A-Za-z][\w.-]{0,63}[$#])(?= |$)/, shape: ([, whole]) => `${whole}` },
];

/** The prompt that `line` starts with, if any; `named` are the block's own prompts and come first. */
export function promptOf(line: string, named: readonly string[] = []): Prompt | undefined {
  for (const name of named) {
    if (!line.startsWith(name)) continue;
    const rest = line.slice(name.length);
    if (rest !== '' && !rest.startsWith(' ')) continue;
    return { text: `${name} `, shape: name, kind: 'named', length: name.length + (rest === '' ? 0 : 1) };
  }
  for (const form of FORMS) {
    const match = form.pattern.exec(line);
    if (match === null) continue;
    const end = match[0].length;
    return { text: `${match[0]} `, shape: form.shape(match), kind: form.kind, length: Math.min(end + 1, line.length) };
  }
  return undefined;
}

/** What prompts of one shell have in common; a prompt of no known form is its own shape. */
export function promptShape(text: string): string {
  return promptOf(text)?.shape ?? text.trimEnd();
}
