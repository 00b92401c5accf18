import ipaddr from "ipaddr.js";

/** The network that an address lies in, as far as it tells one household or
 * office from another: the first 24 bits of IPv4, 48 of IPv6. */
export function browserNetwork(address: string): string {
  if (!ipaddr.isValid(address)) return "";
  const ip = ipaddr.process(address); // IPv4 in the clothes of IPv6 is IPv4.
  return ip.kind() === "ipv4"
    ? `${ipaddr.IPv4.networkAddressFromCIDR(`${ip.toString()}/24`).toString()}/24`
    : `${ipaddr.IPv6.networkAddressFromCIDR(`${ip.toString()}/48`).toString()}/48`;
}
