import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collector } from '../../src/shell/collect.ts';

describe('what is kept of what a step printed', () => {
  it('is all of it up to the limit, and of more the beginning and the end, whatever the chunks', () => {
    const chunks = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 30 }), { maxLength: 20 });
    fc.assert(
      fc.property(chunks, (texts) => {
        const collected = collector(20);
        const reused = Buffer.alloc(30);
        for (const text of texts) {
          collected.add(reused.subarray(0, reused.write(text)));
          reused.fill('x');
        }
        const whole = texts.join('');
        const dropped = Math.max(0, whole.length - 20);
        const note = `\n[netlab: ${dropped} bytes dropped here]\n`;
        expect(collected.droppedBytes).toBe(dropped);
        expect(collected.bytes().toString()).toBe(dropped === 0 ? whole : whole.slice(0, 10) + note + whole.slice(-10));
      }),
    );
  });
});
