import type { Fate } from './worlds.ts';

/** One line for each wrong world that passed and should not have. */
export function survivors(fates: readonly Fate[]): readonly string[] {
  return fates.filter(({ fate }) => fate === 'survived').map(({ kind, place, what }) => `${place}: ${kind}: ${what}`);
}

/** How many of each kind were tried, and what became of them. */
export function table(fates: readonly Fate[]): string {
  const kinds = [...new Set(fates.map(({ kind }) => kind))];
  const row = (kind: string, some: readonly Fate[]): string => {
    const count = (fate: Fate['fate']): number => some.filter((each) => each.fate === fate).length;
    return `${kind.padEnd(32)} ${some.length} tried, ${count('killed')} killed, ${count('allowed')} allowed by the document, ${count('survived')} survived`;
  };
  return [
    ...kinds.map((kind) =>
      row(
        kind,
        fates.filter((each) => each.kind === kind),
      ),
    ),
    row('together', fates),
  ].join('\n');
}
