import { readFileSync } from 'node:fs';
import type { SecureContext } from 'node:tls';

/** The file that NODE_EXTRA_CA_CERTS names, where Node.js was started without it; as src/cli/launch.ts lends it. */
declare const netlabCertificates: string | undefined;

let trusted = false;

/** A context as Node.js has it inside. There is no other way to add to what Node 20 trusts. */
interface Adding extends SecureContext {
  readonly context: { addCACert(pem: string): void };
}

/**
 * Has modules of the user's own trust what NODE_EXTRA_CA_CERTS names: netlab itself opens no connection, and is started
 * without, see `programHead` in scripts/build.mjs. What cannot be read is ignored with a warning, as Node.js does.
 */
export function trustExtraCertificates(): void {
  if (trusted || typeof netlabCertificates === 'undefined') return;
  trusted = true;
  // Not imported: few need them, and to load them takes a tenth of a start.
  const tls = process.getBuiltinModule('node:tls');
  const known = new Set(tls.rootCertificates.map(bare));
  const missing = certificatesIn(netlabCertificates).filter((pem) => !known.has(bare(pem)));
  if (missing.length === 0) return;
  // Whatever connects makes its context by this.
  const create = tls.createSecureContext;
  tls.createSecureContext = (options) => {
    const made = create(options) as Adding;
    if (!options?.ca) for (const pem of missing) made.context.addCACert(pem);
    return made;
  };
}

/** In PEM, up to one that is broken. */
function certificatesIn(file: string): string[] {
  const { X509Certificate } = process.getBuiltinModule('node:crypto');
  const found: string[] = [];
  try {
    const text = readFileSync(file, 'latin1');
    for (const [pem] of text.matchAll(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs)) {
      new X509Certificate(pem);
      found.push(pem);
    }
  } catch (error) {
    process.emitWarning(`Ignoring extra certs from \`${file}\`: ${(error as Error).message}`);
  }
  return found;
}

/** The same certificate may be wrapped in another way. */
function bare(pem: string): string {
  return pem.replace(/\s/g, '');
}
