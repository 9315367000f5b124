/** `text` as one word of any POSIX shell, whatever it holds. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const name = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Commands that set shell variables. Names that no shell could hold are left out. */
export function assignments(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .filter(([key]) => name.test(key))
    .map(([key, value]) => `${key}=${quote(value)}`)
    .join(' ');
}
