import type { Interrupt } from '../runbook/types.ts';

/** Calls `press` once, at the first line that the document's `interrupt=/…/` matches. Lines are cut at 4,096 characters. */
export function onLine(interrupt: Interrupt | undefined, press: () => void): (chunk: Buffer) => void {
  if (!interrupt || !('pattern' in interrupt)) return () => {};
  const pattern = new RegExp(interrupt.pattern);
  let line = '';
  let pressed = false;
  return (chunk) => {
    if (pressed) return;
    const lines = (line + chunk.toString('utf8')).split(/\r?\n/);
    line = (lines.at(-1) ?? '').slice(-4096);
    if (lines.some((each) => pattern.test(each.slice(0, 4096)))) {
      pressed = true;
      press();
    }
  };
}
