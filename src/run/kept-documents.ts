import type { Runbook } from '../runbook/types.ts';

/** Where documents that have been read are kept from one run to the next. Neither function throws. */
export interface KeptDocuments {
  /** The runbook that was read from just this source, at this path, by this netlab; `undefined`: there is none. */
  find(source: string, path: string): Runbook | undefined;
  keep(runbook: Runbook): void;
}
