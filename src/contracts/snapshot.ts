// Generated from reports/snapshot.schema.json by `npm run types`. Do not edit.

export type Name = string;
/**
 * Why nothing could be collected from a host.
 */
export type UnreachableKind =
  | 'dns'
  | 'refused'
  | 'timeout'
  | 'host-key-unknown'
  | 'host-key-changed'
  | 'host-key-revoked'
  | 'auth'
  | 'protocol'
  | 'output-cap'
  | 'probe-incomplete'
  | 'jump'
  | 'not-collected'
  | 'interrupted';
/**
 * A text.
 */
export type FactOfString =
  | {
      readonly value: string;
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * os-release.
 */
export type FactOfOsRelease =
  | {
      readonly value: OsRelease;
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * An integer.
 */
export type FactOfInteger =
  | {
      readonly value: number;
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * A number.
 */
export type FactOfNumber =
  | {
      readonly value: number;
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Network namespaces.
 */
export type FactOfNamespaces =
  | {
      readonly value: Namespaces;
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Kernel parameters of the network.
 */
export type FactOfSysctls =
  | {
      /**
       * @maxItems 100000
       */
      readonly value: readonly Sysctl[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Network interfaces.
 */
export type FactOfInterfaces =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly NetworkInterface[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Addresses.
 */
export type FactOfAddresses =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly Address[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Routes.
 */
export type FactOfRoutes =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly Route[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Policy routing rules.
 */
export type FactOfPolicyRules =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly PolicyRule[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Route look-ups.
 */
export type FactOfRouteLookups =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly RouteLookup[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Neighbour table and proxy entries.
 */
export type FactOfNeighbours =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly Neighbour[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Listening sockets.
 */
export type FactOfListeners =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly Listener[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * The output of one command, line by line.
 */
export type FactOfText =
  | {
      /**
       * @maxItems 50000
       */
      readonly value: readonly string[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Configuration files.
 */
export type FactOfConfigurationFiles =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly ConfigurationFile[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * The lines of a file.
 */
export type FactOfLines =
  | {
      /**
       * @maxItems 5000
       */
      readonly value: readonly ConfigurationLine[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Services of the init system.
 */
export type FactOfUnits =
  | {
      /**
       * @maxItems 1000
       */
      readonly value: readonly Unit[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };

/**
 * What the hosts of an inventory said, as collected.
 */
export interface Snapshot {
  readonly formatVersion: 1;
  readonly tool: Tool;
  readonly run: Run;
  /**
   * @maxItems 100000
   */
  readonly hosts: readonly HostSnapshot[];
}
/**
 * The program that wrote the document.
 */
export interface Tool {
  readonly name: 'dsr-audit';
  readonly version: string;
}
/**
 * One run: its identity and its bounds in time.
 */
export interface Run {
  readonly id: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  /**
   * The signal that ended the run early.
   */
  readonly interrupted: null | 'SIGINT' | 'SIGTERM';
}
/**
 * What one host said, or why it said nothing.
 */
export interface HostSnapshot {
  readonly name: Name;
  readonly address: Name;
  readonly platform: 'linux' | 'windows';
  readonly transport: 'ssh' | 'local' | 'powershell' | 'evidence';
  readonly state: 'collected' | 'unreachable';
  readonly unreachable?: Unreachable;
  readonly startedAt?: string;
  /**
   * Milliseconds from the first packet to the last.
   */
  readonly durationMs?: number;
  /**
   * The probe's output as received: the evidence.
   */
  readonly raw?: string;
  readonly linux?: LinuxFacts;
  readonly windows?: WindowsFacts;
}
/**
 * Why nothing could be collected from a host.
 */
export interface Unreachable {
  readonly kind: UnreachableKind;
  readonly message: string;
}
/**
 * What a Linux host said, raw; each fact is known or missing with its reason.
 */
export interface LinuxFacts {
  readonly probeVersion: number;
  readonly hostname: FactOfString;
  readonly kernelRelease: FactOfString;
  readonly osRelease: FactOfOsRelease;
  readonly userId: FactOfInteger;
  readonly clock: FactOfInteger;
  readonly uptime: FactOfNumber;
  readonly initSystem: FactOfString;
  readonly namespaces: FactOfNamespaces;
  readonly sysctls: FactOfSysctls;
  readonly interfaces: FactOfInterfaces;
  readonly addresses: FactOfAddresses;
  readonly routes: FactOfRoutes;
  readonly policyRules: FactOfPolicyRules;
  readonly routeLookups: FactOfRouteLookups;
  readonly neighbours: FactOfNeighbours;
  readonly listeners: FactOfListeners;
  readonly virtualServers: FactOfText;
  readonly sysctlFiles: FactOfConfigurationFiles;
  readonly addressFiles: FactOfConfigurationFiles;
  readonly units: FactOfUnits;
  readonly tools: FactOfText;
  readonly nftables: FactOfText;
  readonly arptables: FactOfText;
  readonly iptables: FactOfText;
}
/**
 * The fields of os-release that matter.
 */
export interface OsRelease {
  readonly id: string;
  readonly idLike: string;
  readonly versionId: string;
  readonly prettyName: string;
}
/**
 * Network namespace identities.
 */
export interface Namespaces {
  readonly own: string;
  /**
   * That of process 1; null when it may not be read.
   */
  readonly init: string | null;
}
/**
 * One value below /proc/sys.
 */
export interface Sysctl {
  /**
   * Path below /proc/sys with slashes, for example net/ipv4/conf/eth0/arp_ignore.
   */
  readonly key: string;
  readonly value: string;
}
/**
 * One network interface as sysfs shows it.
 */
export interface NetworkInterface {
  readonly name: string;
  /**
   * ifindex.
   */
  readonly index: number;
  /**
   * IFF_* bits of linux/if.h.
   */
  readonly flags: number;
  /**
   * ARPHRD_* number of linux/if_arp.h (1 Ethernet, 32 InfiniBand, 772 loopback).
   */
  readonly type: number;
  /**
   * Hardware address; empty where there is none.
   */
  readonly address: string;
  /**
   * iflink: the lower device of a VLAN, the peer of a veth, else its own index.
   */
  readonly linkIndex: number;
  readonly operState: string;
  /**
   * DEVTYPE or link kind (bridge, bond, vlan, vrf, dummy, macvlan, veth, ...); null when the kernel names none.
   */
  readonly kind: string | null;
  /**
   * The bridge, bond, team or VRF that it is enslaved to.
   */
  readonly master: string | null;
  /**
   * It is a port of a bridge.
   */
  readonly bridgePort: boolean;
}
/**
 * One address of one interface as `ip -o addr` shows it.
 */
export interface Address {
  readonly interface: string;
  readonly label: string | null;
  readonly family: 4 | 6;
  readonly ip: string;
  readonly peer: string | null;
  readonly prefixLength: number;
  /**
   * host, link, site, global or a number; null when the source does not tell.
   */
  readonly scope: string | null;
  /**
   * @maxItems 32
   */
  readonly flags: readonly string[];
  /**
   * Seconds; null for ever.
   */
  readonly validLifetime: number | null;
  /**
   * Seconds; null for ever.
   */
  readonly preferredLifetime: number | null;
}
/**
 * One route.
 */
export interface Route {
  /**
   * local, main, default or a number or name.
   */
  readonly table: string;
  readonly family: 4 | 6;
  /**
   * unicast, local, broadcast, blackhole, unreachable, prohibit, throw, multicast, anycast.
   */
  readonly type: string;
  /**
   * Address and prefix length; 0.0.0.0/0 or ::/0 for the default route.
   */
  readonly destination: string;
  readonly gateway: string | null;
  readonly interface: string | null;
  readonly source: string | null;
  readonly scope: string | null;
  readonly metric: number | null;
}
/**
 * One policy routing rule.
 */
export interface PolicyRule {
  readonly family: 4 | 6;
  readonly priority: number;
  /**
   * The rule as `ip rule` prints it after the priority.
   */
  readonly text: string;
}
/**
 * What `ip route get` answers.
 */
export interface RouteLookup {
  readonly destination: string;
  readonly from: string | null;
  /**
   * unicast, local, ...; null when there is no route.
   */
  readonly type: string | null;
  readonly interface: string | null;
  readonly gateway: string | null;
  readonly source: string | null;
  readonly error: string | null;
}
/**
 * One entry of the neighbour table.
 */
export interface Neighbour {
  readonly ip: string;
  readonly interface: string;
  readonly hardwareAddress: string | null;
  readonly proxy: boolean;
  readonly state: string | null;
}
/**
 * One listening socket.
 */
export interface Listener {
  readonly protocol: 'tcp' | 'udp';
  /**
   * Address; 0.0.0.0, :: or * (dual-stack wildcard, as iproute2 prints it).
   */
  readonly ip: string;
  readonly port: number;
  /**
   * SO_BINDTODEVICE.
   */
  readonly interface: string | null;
  /**
   * For :: and *: null when the source cannot tell.
   */
  readonly onlyIpv6: boolean | null;
}
/**
 * One file that a boot loader or a network manager may read.
 */
export interface ConfigurationFile {
  readonly path: string;
  readonly kind: 'file' | 'link' | 'directory' | 'other';
  /**
   * Where a symbolic link points, as written.
   */
  readonly target: string | null;
  readonly executable: boolean | null;
  readonly size: number | null;
  /**
   * Seconds since 1970.
   */
  readonly modifiedAt: number | null;
  readonly lines: FactOfLines;
}
/**
 * One line of a file, or of the part of it that matters.
 */
export interface ConfigurationLine {
  readonly number: number;
  readonly text: string;
}
/**
 * One service of the init system.
 */
export interface Unit {
  readonly name: string;
  /**
   * What systemctl is-enabled says, or enabled/disabled of another init system.
   */
  readonly enabled: string | null;
  readonly active: string | null;
}
/**
 * What a Windows host said; written by the Windows collector.
 */
export interface WindowsFacts {
  readonly [k: string]: unknown;
}
