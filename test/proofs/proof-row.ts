import { cpus, release, totalmem } from 'node:os';

/** A row of the table of proofs in docs/security.md, and below it the day and the machine, to be pasted there. */
export function proofRow(command: string, done: string, came: string): string {
  const day = new Date().toISOString().slice(0, 10);
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `| \`${command}\` | ${done} | ${came} |\nOn ${day}, ${cpus().length} processors and ${memory}, Linux ${release().split('-')[0]}.`;
}
