import type { Method } from '../contracts/inventory.ts';

/** A transport port that a service is reached on. */
export interface Port {
  readonly number: number;
  readonly protocol: 'tcp' | 'udp';
}

/** A load balancer, as the inventory names it. */
export interface LoadBalancer {
  readonly name: string;
  /** Its own addresses, canonical; never the VIPs. */
  readonly addresses: readonly string[];
}

/** One VIP of one service that a backend must serve, as the inventory asks. */
export interface Binding {
  readonly service: string;
  /** Canonical text of the address (RFC 5952 for IPv6). */
  readonly vip: string;
  readonly method: Method;
  /** Empty where the inventory names none. */
  readonly ports: readonly Port[];
  readonly client?: string;
  readonly loadBalancer?: LoadBalancer;
}

/** What the inventory asks of one host: the part of it that judging needs. */
export interface Backend {
  readonly name: string;
  /** Where it is contacted: an IP address or a DNS name. */
  readonly address: string;
  readonly platform: 'linux' | 'windows';
  readonly role: 'backend' | 'local-node';
  readonly tags: readonly string[];
  /** Whether the inventory asks for what only root can read; Linux. */
  readonly privileged?: boolean;
  /** The ingress interfaces that the inventory names; empty means: derive them. */
  readonly ingressInterfaces: readonly string[];
  /** In inventory order. One VIP may occur under several services, always with one method. */
  readonly bindings: readonly Binding[];
}
