/** An address without IPv6's clothes: `::ffff:10.1.2.3` is `10.1.2.3` (RFC 4291 §2.5.5.2), and no interface behind `%`. */
export const plainAddress = (address: string): string =>
  address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
