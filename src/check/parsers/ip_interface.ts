/** One interface, in the names of iproute2's own JSON. Fields that do not apply are absent there, too. */
export interface Interface {
  ifindex?: number;
  ifname: string;
  addr_info?: Address[];
  [field: string]: unknown;
}

export type Address = Record<string, string | number | boolean>;

/** What stands behind the `@`: the interface below, its number when it is in another namespace, or `NONE`. */
export function linkOf(link: string | undefined): Record<string, string | number | null> {
  if (link === undefined) return {};
  const index = /^if(\d+)$/.exec(link)?.[1];
  if (index !== undefined) return { link_index: Number(index) };
  return { link: link === 'NONE' ? null : link };
}
