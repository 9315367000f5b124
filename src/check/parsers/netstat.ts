import { bsdTables } from './netstat_bsd.ts';
import { linuxTables } from './netstat_linux.ts';
import type { Row, Table } from './netstat_table.ts';
import { readLines, stop } from './reading.ts';
import type { Parser } from './types.ts';

/** Titles of tables, and of the parts of BSD's routing tables. */
const title =
  /^(?:Active .*|Kernel IP(?:v6)? routing (?:table|cache)|Kernel Interface table|Routing tables?|Internet6?:|IPv[46] Route Table.*|Registered kernel control modules)$/;

/** What it says on standard error, which a terminal shows between: about processes of others, and families not there. */
const remark =
  /^(?:\(Not all processes could be identified| will not be shown, you would have|\(No info could be read for "-p"|netstat: no support for )/;

/**
 * `netstat` of net-tools, BusyBox, BSD and macOS: connections, sockets (`-x`), routes (`-r`), interfaces (`-i`). Every table
 * is known by its header; one without rows adds nothing. Statistics (`-s`) and groups (`-g`) are unreadable.
 */
export const netstat: Parser = {
  kind: 'netstat',
  parse(text: string): readonly Row[] {
    const rows: Row[] = [];
    const lines = readLines('netstat', text);
    let table: Table | undefined;
    let tables = 0;
    let about = '';
    for (const line of lines) {
      if (remark.test(line.text)) continue;
      if (title.test(line.text)) {
        table = undefined;
        about = line.text;
        continue;
      }
      const next = [...linuxTables, ...bsdTables].reduce<Table | undefined>(
        (found, begin) => found ?? begin(line.text, about),
        undefined,
      );
      if (next) {
        table = next;
        tables += 1;
      } else if (table) rows.push(table.read(line));
      else stop('netstat', line);
    }
    if (tables === 0) stop('netstat', lines.at(-1) ?? lines[0]);
    return rows;
  },
};
