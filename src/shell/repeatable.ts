import { Session } from 'node:inspector';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Evaluated {
  readonly exceptionDetails?: { readonly exception?: { readonly objectId?: string; readonly value?: unknown } };
}

const names = { import: '__netlab_import', thrown: '__netlab_thrown' } as const;
const shared = globalThis as unknown as Record<string, unknown>;

/**
 * Runs a program that may be run again in the same global scope, where its `const`, `let` and `class` are declared then: as
 * the console of a browser's developer tools does, which may declare them again. Resolves to what it throws, in a list.
 */
export async function runRepeatable(code: string): Promise<readonly unknown[]> {
  shared[names.import] = (name: string): Promise<unknown> => import(resolve(name));
  const session = new Session();
  session.connect();
  try {
    // `import()` is not offered there.
    const expression = code.replace(/(?<![\w$.])import\s*\(/g, `${names.import}(`);
    const { exceptionDetails } = (await post(session, 'Runtime.evaluate', {
      expression,
      replMode: true,
      awaitPromise: true,
    })) as Evaluated;
    if (!exceptionDetails) return [];
    const { objectId, value } = exceptionDetails.exception ?? {};
    if (objectId === undefined) return [value];
    const functionDeclaration = `function () { globalThis.${names.thrown} = this }`;
    await post(session, 'Runtime.callFunctionOn', { objectId, functionDeclaration });
    return [shared[names.thrown]];
  } finally {
    session.disconnect();
  }
}

function post(session: Session, method: string, params: object): Promise<unknown> {
  return new Promise((done, fail) =>
    session.post(method, params, (error, result) => (error ? fail(error) : done(result))),
  );
}

/** As from a file of the folder in which the program runs. */
function resolve(name: string): string {
  const found = createRequire(join(process.cwd(), 'program.js')).resolve(name);
  return found.startsWith('/') ? pathToFileURL(found).href : found;
}
