// Generated from src/inventory/inventory.schema.json by `npm run types`. Do not edit.

/**
 * An IPv4 or IPv6 address, or a DNS name. No port, no zone.
 */
export type Address = string;
/**
 * A file on the auditing station, without control characters. ~/ is the home directory; other relative paths begin at the inventory's folder.
 */
export type FilePath = string;
/**
 * A name: letters, digits, dot, underscore and hyphen, beginning with a letter or digit.
 */
export type Name = string;
/**
 * An IPv4 or IPv6 address without prefix length and zone, such as 192.0.2.10 or 2001:db8::10.
 */
export type IpAddress = string;
/**
 * How a Linux backend accepts the VIP: an address on lo (loopback, the default) or on a dummy interface, an AnyIP local route, an address hidden by arptables or nftables rules, a REDIRECT rule, or a tunnel.
 */
export type Method = 'loopback' | 'dummy' | 'anyip' | 'arptables' | 'redirect' | 'tunnel';

/**
 * dsr-audit inventory, version 1: which hosts back which VIPs, and how to reach them.
 */
export interface Inventory {
  /**
   * The version of this format, 1.
   */
  readonly version: 1;
  readonly defaults?: HostSettings;
  /**
   * Load balancers by name. Services refer to them, so that the return path past them can be checked.
   */
  readonly loadBalancers?: {
    readonly [k: string]: InventoryLoadBalancer;
  };
  /**
   * Services by name: a VIP, or several, and the backends that must own it.
   */
  readonly services: {
    readonly [k: string]: InventoryService;
  };
  /**
   * Hosts by name. `web01: {}` is enough: the address is then the name and the platform linux.
   */
  readonly hosts: {
    /**
     * A host and how to reach it; nothing where the defaults say it all.
     */
    readonly [k: string]: HostSettings | null;
  };
}
/**
 * How to reach a host and what to expect of it.
 */
export interface HostSettings {
  readonly address?: Address;
  /**
   * linux (default) or windows.
   */
  readonly platform?: 'linux' | 'windows';
  /**
   * ssh (default), local (this machine), powershell (PowerShell remoting from a Windows station), or evidence (only from --evidence files).
   */
  readonly transport?: 'ssh' | 'local' | 'powershell' | 'evidence';
  /**
   * A login name such as audit or CORP\audit. Your own when left out.
   */
  readonly user?: string;
  /**
   * TCP port of the SSH or WinRM service. 22, 5985 or (with useTls) 5986 when left out.
   */
  readonly port?: number;
  /**
   * A private key file, or a list of them. The SSH agent and the usual files of ~/.ssh when left out.
   */
  readonly identityFile?: FilePath | readonly FilePath[];
  /**
   * env:NAME or file:PATH, where the passphrase of the private key is found. Never the passphrase itself.
   */
  readonly identityPassphrase?: string;
  /**
   * A known_hosts file, or a list of them. ~/.ssh/known_hosts and /etc/ssh/ssh_known_hosts when left out.
   */
  readonly knownHosts?: FilePath | readonly FilePath[];
  readonly hostKeyAlias?: Address;
  readonly jump?: Name;
  /**
   * Also offer SHA-1 key exchange and ssh-rsa signatures, for OpenSSH before 6.5.
   */
  readonly legacyAlgorithms?: boolean;
  /**
   * Free labels for --limit tag:NAME.
   */
  readonly tags?: readonly Name[];
  /**
   * backend (default), or local-node: the host is also a balancer and may hold the VIP on its network interface.
   */
  readonly role?: 'backend' | 'local-node';
  /**
   * The interfaces on which the balancer's frames arrive. Derived from the host's addresses when left out.
   *
   * @minItems 1
   *
   * Items: The name of a network interface, such as eth0 or Ethernet 2.
   */
  readonly ingressInterfaces?: readonly string[];
  /**
   * Also read what only root can read, through `sudo -n` and the allow-list that README shows (Linux).
   */
  readonly privileged?: boolean;
  readonly credentialFile?: FilePath;
  /**
   * powershell transport: connect to WinRM over HTTPS.
   */
  readonly useTls?: boolean;
}
/**
 * A load balancer that sends the services' frames to the backends.
 */
export interface InventoryLoadBalancer {
  /**
   * Every address of the balancer's own, not the VIPs. A backend must not use one of them as its gateway.
   *
   * @minItems 1
   */
  readonly addresses: readonly IpAddress[];
}
/**
 * A service: a VIP, or several, and the backends that must own it.
 */
export interface InventoryService {
  /**
   * One virtual IP address, or a list of them (IPv4 and IPv6).
   */
  readonly vip: IpAddress | readonly IpAddress[];
  /**
   * The ports that clients use, such as [80/tcp, 443/tcp]. Needed by the listener and firewall rules.
   *
   * @minItems 1
   *
   * Items: A port from 1 to 65535 with its protocol, such as 443/tcp or 53/udp.
   */
  readonly ports?: readonly string[];
  readonly loadBalancer?: Name;
  readonly method?: Method;
  readonly client?: IpAddress;
  /**
   * Names of hosts, at least one.
   *
   * @minItems 1
   */
  readonly backends: readonly Name[];
}
