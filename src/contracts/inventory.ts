// Generated from src/inventory/inventory.schema.json by `npm run types`. Do not edit.

/**
 * An IPv4 or IPv6 address, or a DNS name.
 */
export type Address = string;
/**
 * A file on the auditing station; ~ is the home directory.
 */
export type FilePath = string;
/**
 * A name: letters, digits, dot, underscore, hyphen; starts with a letter or digit; at most 253 characters.
 */
export type Name = string;
/**
 * An IPv4 or IPv6 address literal.
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
   * Version of this format.
   */
  readonly version: 1;
  readonly defaults?: HostSettings;
  /**
   * Load balancers by name.
   */
  readonly loadBalancers?: {
    readonly [k: string]: InventoryLoadBalancer;
  };
  /**
   * Services by name: a VIP (or several) and the backends that must own it.
   */
  readonly services: {
    readonly [k: string]: InventoryService;
  };
  /**
   * Hosts by name. `web01: {}` is enough: the address is then the name and the platform linux.
   */
  readonly hosts: {
    readonly [k: string]: HostSettings | null;
  };
}
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
   * Login name; your own when left out.
   */
  readonly user?: string;
  /**
   * TCP port of the SSH or WinRM service.
   */
  readonly port?: number;
  /**
   * Private key file, or a list.
   */
  readonly identityFile?: FilePath | readonly FilePath[];
  /**
   * Where the key's passphrase is: env:NAME or file:PATH. Never the passphrase itself.
   */
  readonly identityPassphrase?: string;
  /**
   * known_hosts file, or a list; ~/.ssh/known_hosts and /etc/ssh/ssh_known_hosts when left out.
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
   * The interfaces on which the balancer's frames arrive; derived from the host's addresses when left out.
   *
   * @minItems 1
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
export interface InventoryLoadBalancer {
  /**
   * Every address of the balancer's own (not the VIPs): a backend must not use one of them as its gateway.
   *
   * @minItems 1
   */
  readonly addresses: readonly IpAddress[];
}
export interface InventoryService {
  /**
   * One virtual IP address, or a list (IPv4 and IPv6).
   */
  readonly vip: IpAddress | readonly IpAddress[];
  /**
   * Ports such as 443/tcp; needed by the listener and firewall rules.
   *
   * @minItems 1
   */
  readonly ports?: readonly string[];
  readonly loadBalancer?: Name;
  readonly method?: Method;
  readonly client?: IpAddress;
  /**
   * Names of hosts.
   *
   * @minItems 1
   */
  readonly backends: readonly Name[];
}
