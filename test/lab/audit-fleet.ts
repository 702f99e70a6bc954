import type { BackendPlan } from './backend.ts';
import { addresses } from './fleet.ts';

const { vip } = addresses;

/** Debian with System V init, as far as the boot of kernel parameters and addresses is concerned. */
const bootScripts = {
  'init.d/procps':
    '#!/bin/sh\n# Debian procps: load /etc/sysctl.conf and the files of sysctl.d\nexec sysctl -q --system',
  'init.d/networking': '#!/bin/sh\n# Debian ifupdown\nexec ifup -a',
};

const startLinks = [
  'chmod +x /etc/init.d/procps /etc/init.d/networking',
  'mkdir -p /etc/rcS.d /etc/rc3.d /etc/sysctl.d',
  'ln -s ../init.d/procps /etc/rcS.d/S02procps',
  'ln -s ../init.d/networking /etc/rcS.d/S03networking',
];

const goodSysctls = 'net.ipv4.conf.all.arp_ignore = 1\nnet.ipv4.conf.all.arp_announce = 2';

/** What a backend of the fleet is made of; left out parts are those of the compliant one. */
interface Variant {
  /** The lines of /etc/sysctl.d/90-dsr.conf, which is loaded when the backend starts; null for no file. */
  readonly sysctls?: string | null;
  /** Where /etc/network/interfaces puts the VIP, and with which netmask; null for nowhere. */
  readonly stanza?: { readonly label: string; readonly netmask: string } | null;
  /** What `ip addr add` gets. */
  readonly address?: string;
  readonly commands?: readonly string[];
}

/** A backend that keeps its sysctls and its VIP over a reboot, unless the variant says otherwise. */
export function backendPlan(name: string, variant: Variant = {}): BackendPlan {
  const sysctls = variant.sysctls === undefined ? goodSysctls : variant.sysctls;
  const stanza = variant.stanza === undefined ? { label: 'lo:0', netmask: '255.255.255.255' } : variant.stanza;
  const virtual =
    stanza === null
      ? ''
      : `\nauto ${stanza.label}\niface ${stanza.label} inet static\n  address ${vip}\n  netmask ${stanza.netmask}`;
  return {
    name,
    files: {
      ...bootScripts,
      ...(sysctls === null ? {} : { 'sysctl.d/90-dsr.conf': sysctls }),
      'network/interfaces': `auto lo\niface lo inet loopback${virtual}`,
    },
    commands: [
      ...startLinks,
      '/etc/init.d/procps',
      `ip addr add ${variant.address ?? `${vip}/32 dev lo label lo:0`}`,
      ...(variant.commands ?? []),
    ],
  };
}

/** Backends that are broken in one way each. */
export const brokenBackends = {
  'no-sysctls': backendPlan('no-sysctls', { sysctls: null }),
  'wide-mask': backendPlan('wide-mask', {
    address: `${vip}/24 dev lo label lo:0`,
    stanza: { label: 'lo:0', netmask: '255.255.255.0' },
  }),
  'lo-only-sysctls': backendPlan('lo-only-sysctls', {
    sysctls: 'net.ipv4.conf.lo.arp_ignore = 1\nnet.ipv4.conf.lo.arp_announce = 2',
  }),
  'vip-on-eth0': backendPlan('vip-on-eth0', {
    address: `${vip}/32 dev eth0 label eth0:0`,
    stanza: { label: 'eth0:0', netmask: '255.255.255.255' },
  }),
  'not-persisted': backendPlan('not-persisted', {
    sysctls: null,
    stanza: null,
    commands: ['sysctl -q -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2'],
  }),
} as const;
