import type { Evidence } from '../../contracts/report.ts';
import type { Derived } from '../subject.ts';
import type { LinuxHost } from './linux-host.ts';

/** Signs that a host balances itself: IPVS services, the interfaces of kube-proxy and kube-router, a VRRP instance with a VIP. */
export function directorSigns(host: LinuxHost): Derived<readonly string[]> {
  const { facts, network, vips } = host;
  const found: { readonly sign: string; readonly evidence: Evidence }[] = [];
  if ('value' in facts.virtualServers) {
    const services = facts.virtualServers.value.filter((line) => /^(TCP|UDP|SCTP|FWM)\s/.test(line));
    const [first] = services;
    if (first !== undefined) {
      found.push({ sign: `${services.length} IPVS service(s)`, evidence: { source: '/proc/net/ip_vs', text: first } });
    }
  }
  for (const name of ['kube-ipvs0', 'kube-dummy-if']) {
    if ('value' in network.interfaces && network.interfaces.value.has(name)) {
      found.push({ sign: `the interface ${name}`, evidence: { source: `/sys/class/net/${name}`, text: name } });
    }
  }
  for (const file of 'value' in facts.addressFiles ? facts.addressFiles.value : []) {
    if (!file.path.startsWith('/etc/keepalived/') || !('value' in file.lines)) continue;
    const texts = file.lines.value;
    const isVrrp = texts.some(({ text }) => /^\s*(vrrp_instance|virtual_ipaddress|virtual_server)\b/.test(text));
    const line = texts.find(({ text }) => text.split(/[\s/]+/).some((word) => vips.some((vip) => vip.text === word)));
    if (isVrrp && line !== undefined) {
      found.push({
        sign: `a VIP in ${file.path}`,
        evidence: { source: `${file.path}:${line.number}`, text: line.text },
      });
    }
  }
  if (found.length === 0 && 'missing' in facts.virtualServers) return facts.virtualServers;
  if (found.length === 0 && 'missing' in network.interfaces) return network.interfaces;
  return { value: found.map(({ sign }) => sign), evidence: found.map(({ evidence }) => evidence) };
}
