import { readFileSync } from 'node:fs';
import type { SecureContextOptions } from 'node:tls';

let trusted = false;

/**
 * Has modules of the user's own trust what NODE_EXTRA_CA_CERTS names, as they do in any Node.js: netlab itself opens no
 * connection, and starts without, because Node.js reads all certificates at its start where that is set (see `programHead`
 * in scripts/build.mjs). A file that cannot be read is ignored with a warning, as Node.js does.
 */
export function trustExtraCertificates(): void {
  const file = process.env['NODE_EXTRA_CA_CERTS'];
  if (!file || trusted) return;
  trusted = true;
  let extra: string;
  try {
    extra = readFileSync(file, 'utf8');
  } catch (error) {
    process.emitWarning(`Ignoring extra certs from \`${file}\`: ${(error as Error).message}`);
    return;
  }
  // Not imported: who needs it is rare, and it takes a tenth of a start.
  const tls = process.getBuiltinModule('node:tls');
  // Node 20 has no other way to add to what it trusts: all that connects makes its context by this.
  const createOwn = tls.createSecureContext;
  tls.createSecureContext = (options: SecureContextOptions = {}) =>
    createOwn(options.ca ? options : { ...options, ca: [...tls.rootCertificates, extra] });
}
