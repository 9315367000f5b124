// What stands at the edge of a line: numbers of several digits, what comes after an end, and what has no end.
import { describe, expect, it } from 'vitest';
import { type Item, last, parse, stops } from './parsing.ts';

describe('arp', () => {
  const header = 'Address                  HWtype  HWaddress           Flags Mask            Iface';
  const row = '10.0.0.2                 ether   02:42:0a:00:00:02   C                     eth0';

  it.each([
    ['its count of several digits', `${header}\n${row}\nEntries: 1\tSkipped: 0\tFound: 1`, 0],
    [
      'a count with more digits',
      `${header}\n${Array(12).fill(row).join('\n')}\nEntries: 12\tSkipped: 10\tFound: 12`,
      0,
    ],
    ['a count of more than there are', `${header}\n${row}\nEntries: 12\tSkipped: 0\tFound: 12`, 3],
    ['something after the count', `${header}\n${row}\nEntries: 1\tSkipped: 0\tFound: 1 or so`, 3],
    ['flags that go on in small letters', `${header}\n${row.replace(' C ', ' Cx ')}`, 2],
    ['a word after "incomplete"', `${header}\n10.0.0.2   (incomplete)x   eth0`, 2],
    ['no entry of many', 'arp: in 17 entries no match found.', 0],
    ['no entry, and more', 'arp: in 17 entries no match found. Really', 1],
  ])('%s', async (_, text, line) => {
    expect(await stops('arp', text)).toBe(line);
  });
});

describe('dig', () => {
  const head =
    ';; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n;; flags: qr rd; QUERY: 1, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 0\n';
  const answered = async (text: string): Promise<Item> => last('dig', `${head}${text}\n`);

  it.each<[string, Item]>([
    [';; QUESTION SECTION:\n;a.lan.\tIN\tA', { question: { name: 'a.lan.', class: 'IN', type: 'A' } }],
    [';; QUESTION SECTION:\n;a.lan.\tA', { question: { name: 'a.lan.', class: null, type: 'A' } }],
    [';; QUESTION SECTION:\n;a.\tIN\tA\n;b.\tIN\tA', { question: { name: 'a.', class: 'IN', type: 'A' } }],
    [';; Query time: 1500 usec', { query_time: 1.5 }],
    [';; Query time: 15 msec', { query_time: 15 }],
    [';; MSG SIZE  rcvd: 512', { rcvd: 512 }],
    [';; MSG SIZE  sent: 30 rcvd: 512', { rcvd: 512 }],
    [';; XFR size: 7 records (messages 1)', { size: '7 records (messages 1)' }],
    [';; QUERY SIZE: 53', { query_size: 53 }],
    [';; WHEN: Wed Oct 30 03:11:21 UTC 2019', { when: 'Wed Oct 30 03:11:21 UTC 2019', when_epoch_utc: 1_572_405_081 }],
    [';; WHEN: Wed Oct 30 03:11:21 CET 2019', { when_epoch_utc: null }],
    [';; WHEN: some day', { when: 'some day', when_epoch: null, when_epoch_utc: null }],
    [
      ';; OPT PSEUDOSECTION:\n; EDNS: version: 10, flags: do; udp: 1232\n; COOKIE: 0102 (good)\n; NSID: 61 ("a")',
      { opt_pseudosection: { edns: { version: 10, flags: ['do'], udp: 1232 }, cookie: '0102', nsid: 'a' } },
    ],
    [
      ';; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; MBZ: 0x0001, udp: 512\n; PAD: (8 bytes)',
      { opt_pseudosection: { edns: { version: 0, flags: [], udp: 512 }, pad: '(8 bytes)' } },
    ],
  ])('%j', async (text, fields) => {
    expect(await answered(text)).toMatchObject(fields);
  });

  it('has no remark of its own among the sections', async () => {
    expect(await stops('dig', `${head}; Transfer failed.\n`)).toBe(3);
    expect(await stops('dig', `${head};; QUESTION SECTION:x\n`)).toBe(0);
    expect((await answered(';; ANSWER SECTION:x'))['answer']).toBeNull();
  });

  it('has a comment and a bracket at the end of a record of several lines', async () => {
    const soa = 'lan. 60 IN SOA ns.lan. me.lan. ( ; of several lines\n 1 ; serial\n 2\n 3\n 4\n 5 )';
    expect(await parse('dig', `${soa}\n`)).toEqual([
      { answer: [{ name: 'lan.', class: 'IN', type: 'SOA', ttl: 60, data: 'ns.lan. me.lan. 1 2 3 4 5' }] },
    ]);
  });
});

describe('nslookup', () => {
  const server = 'Server:\t\t10.0.0.1\nAddress:\t10.0.0.1#53\n\n';

  it.each([
    ['a\tmail exchanger = 10 b.', { type: 'MX', data: '10 b' }],
    ['a  nameserver = b.', { type: 'NS', data: 'b' }],
    ['a\tservice = 0 5 80 b.', { type: 'SRV', data: '0 5 80 b' }],
    ['a  has AAAA address ::1', { type: 'AAAA', data: '::1' }],
    ['Name:\ta\nAddress 12: 10.0.0.2', { type: 'A', data: '10.0.0.2' }],
    ['Name: a\nAddresses:  10.0.0.2', { type: 'A', data: '10.0.0.2' }],
  ])('%j', async (text, record) => {
    expect(await parse('nslookup', `${server}${text}\n`)).toMatchObject({
      server: '10.0.0.1',
      port: 53,
      authoritative: true,
      answers: [{ name: 'a', ...record }],
    });
  });

  it.each([
    [`${server}Name:\ta\nAddress: 10.0.0.2\nauthoritative answer: x\n`, 6],
    [`${server}x Server: y\n`, 4],
    [`${server}Query #12 completed in 345ms:\nName:\ta\nAddress: 10.0.0.2\n`, 0],
    ['Server:\t\t10.0.0.1\nAddress:\t10.0.0.1:53\n', 0],
    ['Server:\t\t10.0.0.1\nAddress:\t10.0.0.1:53x\n', 2],
    ['', 1],
  ])('%j stops at line %s', async (text, line) => {
    expect(await stops('nslookup', text)).toBe(line);
  });
});

describe('netstat', () => {
  const tcp =
    'Active Internet connections (w/o servers)\nProto Recv-Q Send-Q Local Address           Foreign Address         State';
  const interfaces =
    'Kernel Interface table\nIface      MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg';

  it.each<[string, Item]>([
    [`${tcp}\nudp        0      0 10.0.0.1:68   10.0.0.2:67   `, { state: null, local_port: '68', foreign_port: '67' }],
    [`${tcp}\nraw        0      0 0.0.0.0:1     0.0.0.0:*     7`, { state: '7', foreign_port: '*' }],
    [`${interfaces}\neth0:1 1500 - no statistics available - BMRU`, { iface: 'eth0:1', rx_ok: null, flg: 'BMRU' }],
    [`${interfaces}\neth0 1500 1 2 3 4 5 6 7 8 BMRU`, { rx_ok: 1, tx_ovr: 8, flg: 'BMRU' }],
    [`${interfaces}\neth0 1500 1 2 3 4 5 6 7 8`, { flg: null }],
    [
      `${interfaces.replace('MTU  ', 'MTU   Met')}\neth0 1500 0 1 2 3 4 5 6 7 8 BMRU`,
      { mtu: 1500, metric: 0, rx_ok: 1 },
    ],
  ])('%j', async (text, fields) => {
    expect(await last('netstat', text)).toMatchObject(fields);
  });

  it.each([
    [`${interfaces}\neth0 x 1 2 3 4 5 6 7 8 BMRU`, 3],
    [`${interfaces}\neth0 1500 1 2 3 4 5 6 7`, 3],
    [`${tcp}\ntcp 0 0 10.0.0.1:22 10.0.0.2:5 ESTABLISHED x`, 3],
  ])('%j stops at line %s', async (text, line) => {
    expect(await stops('netstat', text)).toBe(line);
  });
});
