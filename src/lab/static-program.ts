import { closeSync, openSync, readSync } from 'node:fs';

/** The program header that names the loader of shared libraries (elf(5)). */
const interpreter = 3;

/** Whether that is a program for 64 bits that asks for no loader of libraries: it can be the one file of an image. */
export function isStatic(path: string): boolean {
  const head = Buffer.alloc(4096);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, head, 0, head.length, 0);
    } finally {
      closeSync(file);
    }
    const [is64Bit, isLittleEndian] = [head[4] === 2, head[5] === 1];
    if (head.toString('latin1', 0, 4) !== '\x7fELF' || !is64Bit || !isLittleEndian) return false;
    const first = Number(head.readBigUInt64LE(32));
    const size = head.readUInt16LE(54);
    const types = Array.from({ length: head.readUInt16LE(56) }, (_, n) => head.readUInt32LE(first + n * size));
    return !types.includes(interpreter);
  } catch {
    // It cannot be read, or its headers lie elsewhere, as no linker puts them.
    return false;
  }
}
