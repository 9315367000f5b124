// Stands in for `vitest` where mutants are tried: keeps each test as a function, so that one can be run again in milliseconds.
import { format } from 'node:util';
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect';

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);

export const expect = chai.expect;

/** @typedef {{ readonly id: string, readonly file: string, readonly name: string, readonly run: () => unknown }} Test */

/** @type {Map<string, Test>} */
export const tests = new Map();
/** @typedef {() => unknown} Hook */
const place = {
  file: '',
  /** @type {string[]} */ names: [],
  /** @type {Hook[]} */ before: [],
  /** @type {Hook[]} */ after: [],
};

/** The tests that are collected from now on are of this file. @param {string} file */
export function from(file) {
  Object.assign(place, { file, before: [], after: [] });
}

/** @param {Hook} hook */
export function beforeEach(hook) {
  place.before.push(hook);
}

/** @param {Hook} hook */
export function afterEach(hook) {
  place.after.unshift(hook);
}

/** @param {string} name @param {() => void} body */
function group(name, body) {
  const { names, before, after } = place;
  Object.assign(place, { names: [...names, String(name)], before: [...before], after: [...after] });
  body();
  Object.assign(place, { names, before, after });
}

/** @param {string} name @param {readonly unknown[]} rest the test, and options before or after it */
function keep(name, ...rest) {
  const body = /** @type {Hook} */ (rest.find((each) => typeof each === 'function'));
  const { before, after } = place;
  const run = async () => {
    try {
      for (const hook of before) await hook();
      await body();
    } finally {
      for (const hook of after) await hook();
    }
  };
  const full = [...place.names, name].join(' ');
  let id = `${place.file}#${full}`;
  for (let count = 2; tests.has(id); count += 1) id = `${place.file}#${full} (${count})`;
  tests.set(id, { id, file: place.file, name: full, run });
}

/**
 * Gives a function its `each`: once for every row, which fills the name's `%s`.
 * @param {(name: string, body: (...row: unknown[]) => unknown) => void} register
 */
function withEach(register) {
  return Object.assign(register, {
    each: (/** @type {readonly unknown[]} */ rows) => (/** @type {string} */ name, /** @type {any} */ body) => {
      for (const row of rows) {
        const values = Array.isArray(row) ? row : [row];
        register(format(name, ...values).slice(0, 200), () => body(...values));
      }
    },
  });
}

export const describe = withEach(group);
export const it = withEach(keep);
export const test = it;
