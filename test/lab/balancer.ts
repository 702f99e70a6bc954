import { run } from './command.ts';
import { type Namespace, inside } from './namespace.ts';

/**
 * Direct routing at layer 4 on eth0: a packet to VIP:80 gets the MAC of one of the backends, chosen by a hash over the
 * client's address and port, and leaves by the interface that it came from. Replaces what was balanced before.
 */
export async function balance(
  balancer: Namespace,
  vips: readonly string[],
  backends: readonly { readonly mac: string }[],
): Promise<void> {
  const own = (await run(inside(balancer, 'cat', '/sys/class/net/eth0/address'))).trim();
  const choices = backends.map(({ mac }, index) => `${index} : ${mac}`).join(', ');
  await run(
    inside(balancer, 'nft', '-f', '-'),
    `table netdev direct_routing
delete table netdev direct_routing
table netdev direct_routing {
  chain in {
    type filter hook ingress device "eth0" priority 0;
    ip daddr { ${vips.join(', ')} } tcp dport 80 ether saddr set ${own} ether daddr set jhash ip saddr . tcp sport mod ${backends.length} map { ${choices} } fwd to "eth0"
  }
}`,
  );
}
