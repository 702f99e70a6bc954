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
 * The NT version.
 */
export type FactOfWindowsVersion =
  | {
      readonly value: WindowsVersion;
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * The product.
 */
export type FactOfWindowsProduct =
  | {
      readonly value: WindowsProduct;
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * The PowerShell that ran the collector.
 */
export type FactOfPowershellHost =
  | {
      readonly value: PowershellHost;
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Yes or no.
 */
export type FactOfBoolean =
  | {
      readonly value: boolean;
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Domain membership.
 */
export type FactOfWindowsDomain =
  | {
      readonly value: WindowsDomain;
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Network adapters.
 */
export type FactOfWindowsInterfaces =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly WindowsInterface[];
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
export type FactOfWindowsAddresses =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly WindowsAddress[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Default gateways.
 */
export type FactOfWindowsGateways =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly WindowsGateway[];
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
export type FactOfWindowsRoutes =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly WindowsRoute[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * IP settings by interface and family.
 */
export type FactOfIpInterfaces =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly IpInterface[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * A switch of one store: on, off, "unset" where the store holds no value (the default of Windows applies), null where the source does not tell.
 */
export type WindowsSetting = true | false | 'unset' | null;
/**
 * Registry configuration by adapter.
 */
export type FactOfRegistryInterfaces =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly RegistryInterface[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * DNS registration by connection.
 */
export type FactOfDnsRegistrations =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly DnsRegistration[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * NetBIOS by connection.
 */
export type FactOfNetbiosOptions =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly NetbiosOption[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Bindings.
 */
export type FactOfAdapterBindings =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly AdapterBinding[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Network categories.
 */
export type FactOfNetworkCategories =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly NetworkCategory[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Firewall settings by profile and store.
 */
export type FactOfFirewallProfiles =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly FirewallProfile[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Firewall rules.
 */
export type FactOfFirewallRules =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly FirewallRule[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Services.
 */
export type FactOfWindowsServices =
  | {
      /**
       * @maxItems 20000
       */
      readonly value: readonly WindowsService[];
    }
  | {
      /**
       * Why the fact is missing.
       */
      readonly missing: string;
    };
/**
 * Global TCP/IP values.
 */
export type FactOfTcpipParameters =
  | {
      readonly value: TcpipParameters;
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
  /**
   * False where the source, not being ip, shows no lifetimes: null then means nothing.
   */
  readonly lifetimesKnown?: boolean;
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
  /**
   * A further next hop of the route that stands before it; left out for a route's only or first one.
   */
  readonly nextHop?: number;
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
  /**
   * The lines are all of the file's; otherwise only those that matter for what was asked.
   */
  readonly whole?: boolean;
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
 * What a Windows host said, normalised; each fact is known or missing with its reason. A known list is complete: what it does not hold is not there.
 */
export interface WindowsFacts {
  readonly collectorVersion: number;
  /**
   * Which collector ran: the PowerShell script, or the cmd commands where PowerShell is absent or constrained.
   */
  readonly tier: 'powershell' | 'cmd';
  readonly hostname: FactOfString;
  readonly clock: FactOfInteger;
  readonly version: FactOfWindowsVersion;
  readonly product: FactOfWindowsProduct;
  readonly language: FactOfString;
  readonly powershell: FactOfPowershellHost;
  readonly elevated: FactOfBoolean;
  readonly userName: FactOfString;
  readonly domain: FactOfWindowsDomain;
  readonly interfaces: FactOfWindowsInterfaces;
  readonly addresses: FactOfWindowsAddresses;
  readonly persistentAddresses: FactOfWindowsAddresses;
  readonly gateways: FactOfWindowsGateways;
  readonly routes: FactOfWindowsRoutes;
  readonly persistentRoutes: FactOfWindowsRoutes;
  readonly ipInterfaces: FactOfIpInterfaces;
  readonly persistentIpInterfaces: FactOfIpInterfaces;
  readonly registryInterfaces: FactOfRegistryInterfaces;
  readonly dnsRegistrations: FactOfDnsRegistrations;
  readonly netbiosOptions: FactOfNetbiosOptions;
  readonly bindings: FactOfAdapterBindings;
  readonly networkCategories: FactOfNetworkCategories;
  readonly firewallProfiles: FactOfFirewallProfiles;
  readonly firewallRules: FactOfFirewallRules;
  readonly firewallPolicyRules: FactOfFirewallRules;
  readonly listeners: FactOfListeners;
  readonly httpListenOnly: FactOfText;
  readonly services: FactOfWindowsServices;
  readonly tcpipParameters: FactOfTcpipParameters;
  /**
   * Every step that failed: the reason of what is missing.
   *
   * @maxItems 500
   */
  readonly notes: readonly CollectorNote[];
}
/**
 * The NT version.
 */
export interface WindowsVersion {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
  /**
   * UBR; null before Windows 10.
   */
  readonly revision: number | null;
}
/**
 * The product as the registry names it.
 */
export interface WindowsProduct {
  readonly name: string;
  /**
   * EditionID, for example ServerStandard.
   */
  readonly edition: string | null;
  /**
   * Server, Server Core, Nano Server or Client; null before 2008 R2.
   */
  readonly installationType: string | null;
  /**
   * CSDVersion.
   */
  readonly servicePack: string | null;
}
/**
 * The PowerShell that ran the collector.
 */
export interface PowershellHost {
  readonly version: string;
  /**
   * Desktop or Core; null before 5.1.
   */
  readonly edition: string | null;
  /**
   * FullLanguage or ConstrainedLanguage, ...
   */
  readonly languageMode: string;
}
/**
 * Domain membership.
 */
export interface WindowsDomain {
  readonly joined: boolean;
  /**
   * Win32_ComputerSystem.DomainRole: 0, 2 stand alone; 1, 3 member; 4, 5 domain controller.
   */
  readonly role: number | null;
}
/**
 * One network adapter, from .NET, the registry and MSFT_NetAdapter, joined by GUID.
 */
export interface WindowsInterface {
  /**
   * Adapter GUID in braces, upper case.
   */
  readonly guid: string | null;
  /**
   * IPv4 ifIndex (IPv6 where there is no IPv4).
   */
  readonly index: number | null;
  readonly alias: string | null;
  /**
   * Driver description; localised.
   */
  readonly description: string | null;
  /**
   * IANA ifType: 6 Ethernet, 24 software loopback, 131 tunnel.
   */
  readonly type: number | null;
  readonly operationalStatus:
    'up' | 'down' | 'testing' | 'unknown' | 'dormant' | 'not-present' | 'lower-layer-down' | null;
  /**
   * MSFT_NetAdapter.InterfaceAdminStatus; null before 2012.
   */
  readonly adminStatus: 'up' | 'down' | 'testing' | null;
  /**
   * MSFT_NetAdapter.MediaConnectState; null when unknown.
   */
  readonly mediaConnected: boolean | null;
  /**
   * Hexadecimal bytes joined by dashes, upper case; empty where there is none.
   */
  readonly macAddress: string | null;
  /**
   * PnP hardware ids; *msloop is the Microsoft loopback driver.
   *
   * @maxItems 32
   */
  readonly hardwareIds: readonly string[] | null;
  /**
   * ComponentId of the driver key.
   */
  readonly componentId: string | null;
  readonly matchingDeviceId: string | null;
  readonly pnpInstanceId: string | null;
  /**
   * Driver service, for example kmloop.
   */
  readonly service: string | null;
  /**
   * PnP ConfigFlags: bit 0 set means disabled.
   */
  readonly configFlags: number | null;
  readonly hidden: boolean | null;
  /**
   * Windows listed the interface; false for one that only the registry knows (removed or disabled).
   */
  readonly present: boolean;
}
/**
 * One address of one interface in one store.
 */
export interface WindowsAddress {
  /**
   * Adapter GUID in braces, upper case: the key that survives a restart of the adapter; null when the source does not lead to one.
   */
  readonly interfaceGuid: string | null;
  /**
   * ifIndex at the time of collecting; null when the source does not name it.
   */
  readonly interfaceIndex: number | null;
  /**
   * Connection name, chosen by Windows in its language or by the administrator.
   */
  readonly interfaceAlias: string | null;
  readonly family: 4 | 6;
  readonly ip: string;
  readonly prefixLength: number | null;
  /**
   * Duplicate address detection; null in the persistent store and where not told.
   */
  readonly state: 'invalid' | 'tentative' | 'duplicate' | 'deprecated' | 'preferred' | null;
  /**
   * Never chosen as source and not registered in DNS; null before 2012 R2 and where not told.
   */
  readonly skipAsSource: boolean | null;
  /**
   * PrefixOrigin.
   */
  readonly origin: 'other' | 'manual' | 'well-known' | 'dhcp' | 'router-advertisement' | null;
  /**
   * Where the row comes from: cim root\StandardCimv2, wmi root\cimv2, dotnet System.Net.NetworkInformation, netsh show, netsh-dump, registry, com.
   */
  readonly source: 'cim' | 'dotnet' | 'netsh' | 'netsh-dump';
}
/**
 * One default gateway in use.
 */
export interface WindowsGateway {
  /**
   * Adapter GUID in braces, upper case: the key that survives a restart of the adapter; null when the source does not lead to one.
   */
  readonly interfaceGuid: string | null;
  /**
   * ifIndex at the time of collecting; null when the source does not name it.
   */
  readonly interfaceIndex: number | null;
  /**
   * Connection name, chosen by Windows in its language or by the administrator.
   */
  readonly interfaceAlias: string | null;
  readonly ip: string;
}
/**
 * One route.
 */
export interface WindowsRoute {
  /**
   * Adapter GUID in braces, upper case: the key that survives a restart of the adapter; null when the source does not lead to one.
   */
  readonly interfaceGuid: string | null;
  /**
   * ifIndex at the time of collecting; null when the source does not name it.
   */
  readonly interfaceIndex: number | null;
  /**
   * Connection name, chosen by Windows in its language or by the administrator.
   */
  readonly interfaceAlias: string | null;
  readonly family: 4 | 6;
  /**
   * Address and prefix length; 0.0.0.0/0 or ::/0 for the default route.
   */
  readonly destination: string;
  /**
   * null when on-link.
   */
  readonly nextHop: string | null;
  /**
   * Metric of the route; the metric of the interface comes on top.
   */
  readonly metric: number | null;
  /**
   * Where the row comes from: cim root\StandardCimv2, wmi root\cimv2, dotnet System.Net.NetworkInformation, netsh show, netsh-dump, registry, com.
   */
  readonly source: 'cim' | 'wmi' | 'netsh' | 'netsh-dump' | 'registry';
}
/**
 * The IP settings of one interface for one family in one store; no row where the store holds nothing of it.
 */
export interface IpInterface {
  /**
   * Adapter GUID in braces, upper case: the key that survives a restart of the adapter; null when the source does not lead to one.
   */
  readonly interfaceGuid: string | null;
  /**
   * ifIndex at the time of collecting; null when the source does not name it.
   */
  readonly interfaceIndex: number | null;
  /**
   * Connection name, chosen by Windows in its language or by the administrator.
   */
  readonly interfaceAlias: string | null;
  readonly family: 4 | 6;
  readonly weakHostSend: WindowsSetting;
  readonly weakHostReceive: WindowsSetting;
  /**
   * Metric of the interface.
   */
  readonly metric: number | null;
  readonly automaticMetric: WindowsSetting;
  readonly dhcp: WindowsSetting;
  readonly forwarding: WindowsSetting;
  readonly connected: boolean | null;
  /**
   * Where the row comes from: cim root\StandardCimv2, wmi root\cimv2, dotnet System.Net.NetworkInformation, netsh show, netsh-dump, registry, com.
   */
  readonly source: 'cim' | 'netsh' | 'netsh-dump' | 'wmi' | 'dotnet';
}
/**
 * One key of Tcpip\Parameters\Interfaces: the IPv4 configuration that is applied when Windows starts. null: no such value.
 */
export interface RegistryInterface {
  readonly guid: string;
  /**
   * @maxItems 1000
   */
  readonly addresses: readonly RegistryAddress[] | null;
  /**
   * @maxItems 100
   */
  readonly gateways: readonly string[] | null;
  /**
   * @maxItems 100
   */
  readonly gatewayMetrics: readonly number[] | null;
  /**
   * EnableDHCP.
   */
  readonly dhcp: boolean | null;
  /**
   * InterfaceMetric; absent or 0 is automatic.
   */
  readonly metric: number | null;
  /**
   * RegistrationEnabled: DNS registration of this connection.
   */
  readonly registrationEnabled: boolean | null;
  readonly disableDynamicUpdate: boolean | null;
}
/**
 * A static address.
 */
export interface RegistryAddress {
  readonly ip: string;
  readonly mask: string | null;
}
/**
 * Whether the addresses of a connection are registered in DNS under the host name.
 */
export interface DnsRegistration {
  /**
   * Adapter GUID in braces, upper case: the key that survives a restart of the adapter; null when the source does not lead to one.
   */
  readonly interfaceGuid: string | null;
  /**
   * ifIndex at the time of collecting; null when the source does not name it.
   */
  readonly interfaceIndex: number | null;
  /**
   * Connection name, chosen by Windows in its language or by the administrator.
   */
  readonly interfaceAlias: string | null;
  readonly registers: boolean | null;
  /**
   * Where the row comes from: cim root\StandardCimv2, wmi root\cimv2, dotnet System.Net.NetworkInformation, netsh show, netsh-dump, registry, com.
   */
  readonly source: 'cim' | 'wmi' | 'dotnet' | 'netsh-dump';
}
/**
 * NetBIOS over TCP/IP of one connection.
 */
export interface NetbiosOption {
  /**
   * Adapter GUID in braces, upper case: the key that survives a restart of the adapter; null when the source does not lead to one.
   */
  readonly interfaceGuid: string | null;
  /**
   * ifIndex at the time of collecting; null when the source does not name it.
   */
  readonly interfaceIndex: number | null;
  /**
   * Connection name, chosen by Windows in its language or by the administrator.
   */
  readonly interfaceAlias: string | null;
  /**
   * default: as DHCP says, else enabled.
   */
  readonly option: 'default' | 'enabled' | 'disabled';
  /**
   * Where the row comes from: cim root\StandardCimv2, wmi root\cimv2, dotnet System.Net.NetworkInformation, netsh show, netsh-dump, registry, com.
   */
  readonly source: 'wmi' | 'registry';
}
/**
 * A protocol, client or service that is bound to an adapter or not.
 */
export interface AdapterBinding {
  /**
   * Adapter GUID in braces, upper case: the key that survives a restart of the adapter; null when the source does not lead to one.
   */
  readonly interfaceGuid: string | null;
  /**
   * ifIndex at the time of collecting; null when the source does not name it.
   */
  readonly interfaceIndex: number | null;
  /**
   * Connection name, chosen by Windows in its language or by the administrator.
   */
  readonly interfaceAlias: string | null;
  /**
   * ms_msclient, ms_server, ms_tcpip, ms_tcpip6, ms_pacer, ms_lltdio, ms_rspndr, ms_nlb, ...
   */
  readonly component: string;
  readonly enabled: boolean;
  /**
   * Where the row comes from: cim root\StandardCimv2, wmi root\cimv2, dotnet System.Net.NetworkInformation, netsh show, netsh-dump, registry, com.
   */
  readonly source: 'cim' | 'registry';
}
/**
 * The category of the network that a connection is in; it chooses the firewall profile.
 */
export interface NetworkCategory {
  /**
   * Adapter GUID in braces, upper case: the key that survives a restart of the adapter; null when the source does not lead to one.
   */
  readonly interfaceGuid: string | null;
  /**
   * ifIndex at the time of collecting; null when the source does not name it.
   */
  readonly interfaceIndex: number | null;
  /**
   * Connection name, chosen by Windows in its language or by the administrator.
   */
  readonly interfaceAlias: string | null;
  readonly category: 'public' | 'private' | 'domain';
  /**
   * Where the row comes from: cim root\StandardCimv2, wmi root\cimv2, dotnet System.Net.NetworkInformation, netsh show, netsh-dump, registry, com.
   */
  readonly source: 'cim' | 'com';
}
/**
 * The firewall settings of one profile in one store. A value of the policy store overrides the local one; null: not set there.
 */
export interface FirewallProfile {
  /**
   * standard: the private and public profiles of a policy written for XP and 2003, and the only other profile there.
   */
  readonly profile: 'domain' | 'private' | 'public' | 'standard';
  /**
   * policy: group policy.
   */
  readonly store: 'local' | 'policy';
  /**
   * In use now; null in the policy store.
   */
  readonly current: boolean | null;
  readonly enabled: boolean | null;
  readonly defaultInbound: 'allow' | 'block' | null;
  /**
   * Allow rules are ignored.
   */
  readonly blockAllInbound: boolean | null;
  /**
   * AllowLocalPolicyMerge: false means that local rules are ignored.
   */
  readonly localRulesApply: boolean | null;
  /**
   * Interfaces without firewall: aliases or GUIDs as the source gives them.
   *
   * @maxItems 1000
   */
  readonly excludedInterfaces: readonly string[] | null;
}
/**
 * One active inbound rule of the registry format [MS-GPFAS] 2.2.2.19.
 */
export interface FirewallRule {
  /**
   * Name of the registry value.
   */
  readonly id: string;
  readonly name: string | null;
  /**
   * bypass: allow and skip block rules for authenticated connections.
   */
  readonly action: 'allow' | 'block' | 'bypass';
  readonly direction: 'in' | 'out';
  readonly active: boolean;
  /**
   * IP protocol number; null for any.
   */
  readonly protocol: number | null;
  /**
   * Port, first-last range or keyword (RPC, RPC-EPMap, IPHTTPSIn, Ply2Disc, Teredo, ...); empty for any.
   *
   * @maxItems 1000
   */
  readonly localPorts: readonly string[];
  /**
   * Address, address/prefix or mask, or first-last range, as written; empty for any.
   *
   * @maxItems 1000
   */
  readonly localAddresses: readonly string[];
  /**
   * Empty for any.
   *
   * @maxItems 3
   */
  readonly profiles: readonly ('domain' | 'private' | 'public')[];
  /**
   * GUIDs; empty for any.
   *
   * @maxItems 1000
   */
  readonly interfaces: readonly string[];
  /**
   * Empty for any.
   *
   * @maxItems 3
   */
  readonly interfaceTypes: readonly ('lan' | 'wireless' | 'remote-access')[];
  readonly edgeTraversal: boolean;
  /**
   * PCross: also for packets that pass through interfaces of more than one profile.
   */
  readonly profileCrossing: boolean;
  /**
   * Other conditions that narrow the rule, by field name (App, Svc, RA4, RPort, RUAuth, ICMP4, ...): whether they are met is not known here.
   *
   * @maxItems 64
   */
  readonly restrictions: readonly string[];
}
/**
 * One service.
 */
export interface WindowsService {
  readonly name: string;
  readonly state:
    | 'absent'
    | 'stopped'
    | 'start-pending'
    | 'stop-pending'
    | 'running'
    | 'continue-pending'
    | 'pause-pending'
    | 'paused';
}
/**
 * Global values of Tcpip\Parameters; null: no such value.
 */
export interface TcpipParameters {
  /**
   * The host routes between its interfaces.
   */
  readonly ipEnableRouter: boolean | null;
  /**
   * No connection registers in DNS.
   */
  readonly disableDynamicUpdate: boolean | null;
}
/**
 * A step of the collector that failed.
 */
export interface CollectorNote {
  readonly step: string;
  readonly error: string;
}
