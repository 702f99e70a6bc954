import type { Backend, Binding, LoadBalancer, Port } from '../facts/backend.ts';
import type { ParsedDocument } from '../contracts/document.ts';
import type { Method } from '../contracts/inventory.ts';
import type { Position } from '../contracts/violation.ts';

/** A host of the inventory: what is asked of it and how to reach it, with every default filled in. */
export interface Host extends Backend {
  readonly transport: 'ssh' | 'local' | 'powershell' | 'evidence';
  /** Left out: the name of the user who runs dsr-audit. */
  readonly user?: string;
  readonly port?: number;
  /** ~ expanded, relative ones taken from the inventory's folder; empty: the agent and the usual files of ~/.ssh. */
  readonly identityFiles: readonly string[];
  /** env:NAME or file:PATH, the path as above. */
  readonly identityPassphrase?: string;
  /** Empty: ~/.ssh/known_hosts and /etc/ssh/ssh_known_hosts. */
  readonly knownHosts: readonly string[];
  readonly hostKeyAlias?: string;
  /** Name of the host to connect through. */
  readonly jump?: string;
  readonly legacyAlgorithms: boolean;
  readonly privileged: boolean;
  readonly credentialFile?: string;
  readonly useTls: boolean;
  readonly position: Position;
}

/** A service of the inventory. */
export interface Service {
  readonly name: string;
  /** Canonical addresses, in the order given. */
  readonly vips: readonly string[];
  readonly ports: readonly Port[];
  readonly method: Method;
  readonly client?: string;
  readonly loadBalancer?: LoadBalancer;
  /** Host names, in the order given. */
  readonly backends: readonly string[];
  readonly position: Position;
}

/** A valid inventory, with names resolved and defaults filled in, in file order. */
export interface LoadedInventory {
  readonly file: string;
  readonly loadBalancers: ReadonlyMap<string, LoadBalancer>;
  readonly services: ReadonlyMap<string, Service>;
  readonly hosts: ReadonlyMap<string, Host>;
}

/** An inventory and the document that it was read from. */
export interface LocatedInventory extends LoadedInventory {
  readonly document: ParsedDocument;
}

export type { Backend, Binding, LoadBalancer, Port };
