import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { compileFunction } from 'node:vm';
import { transform } from 'sucrase';
import { defineConfig } from '../config.ts';
import { trustExtraCertificates } from './extra-certificates.ts';

/**
 * The default export of a module in TypeScript or JavaScript. It is turned into CommonJS and run from memory: nothing is
 * written beside it, and `netlab` is this one, installed in the project or not. Throws what the module throws.
 */
export function evaluate(text: string, path: string): unknown {
  const { code } = transform(text, { transforms: ['typescript', 'imports'], filePath: path });
  trustExtraCertificates();
  const outside = createRequire(path);
  const require = (name: string): unknown => (name === 'netlab' ? { defineConfig } : outside(name));
  const nothing = {};
  const module: { exports: unknown } = { exports: nothing };
  // By this, what it throws is known for its own.
  const names = ['module', 'exports', 'require', '__filename', '__dirname'];
  const body = compileFunction(code, names, { filename: path }) as (...given: unknown[]) => void;
  body(module, module.exports, require, path, dirname(path));
  const { exports } = module;
  if (exports === nothing && Object.keys(nothing).length === 0 && !('__esModule' in nothing)) {
    throw new Error('it exports nothing (write: export default …)');
  }
  if (typeof exports !== 'object' || exports === null || !('__esModule' in exports)) return exports;
  if (!('default' in exports)) throw new Error('it has no default export');
  return exports.default;
}
