/** UTF-8 as latin1 has it: one character a byte. Whatever else there is, is no UTF-8. */
const utf8OrStray =
  /[\x00-\x7f]+|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|([\x80-\xff])/g;
const stray = /[\udc80-\udcff]/u;
const strays = /([\udc80-\udcff])/u;

/** Bytes as text; one that is no UTF-8 is half a surrogate pair (U+DC80 and on), which no text has: it can be told apart. */
export function decodeBytes(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd')) return text;
  return bytes.toString('latin1').replace(utf8OrStray, (part: string, byte: string | undefined) => {
    return byte === undefined ? Buffer.from(part, 'latin1').toString('utf8') : strayByte(byte.charCodeAt(0));
  });
}

/** The bytes of which `decodeBytes` has made a text. */
export function encodeBytes(text: string): Buffer {
  const parts = text.split(strays).map((part) => {
    return stray.test(part) ? Buffer.from([part.charCodeAt(0) & 0xff]) : Buffer.from(part);
  });
  return Buffer.concat(parts);
}

/** A byte of 128 and more that stands for itself. */
export function strayByte(byte: number): string {
  return String.fromCharCode(0xdc00 + byte);
}

/** Whether a text has bytes that are no UTF-8. */
export function hasStrayBytes(text: string): boolean {
  return stray.test(text);
}

/** A text as it is shown: `�` for what is no UTF-8. */
export function withoutStrayBytes(text: string): string {
  return hasStrayBytes(text) ? encodeBytes(text).toString('utf8') : text;
}
