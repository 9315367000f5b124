import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Lets go on what is frozen in control groups and those below them (`docker pause`). The freezer of v1 holds what has been
 * killed, too, so a lab with a paused container would never end; that of v2 does not.
 */
export function thaw(directories: readonly string[]): void {
  for (const directory of directories) {
    const state = join(directory, 'freezer.state');
    // A group is frozen by the one above it, too: that one comes first.
    if (existsSync(state)) thawTree(directory, state);
  }
}

function thawTree(directory: string, state: string): void {
  try {
    writeFileSync(state, 'THAWED');
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const inner = join(directory, entry.name);
      if (entry.isDirectory()) thawTree(inner, join(inner, 'freezer.state'));
    }
  } catch {
    // A container's group goes with it.
  }
}
