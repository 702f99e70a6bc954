import type { Listener, WindowsFacts, WindowsService } from '../../contracts/snapshot.ts';
import { known, missing } from '../../facts/fact.ts';
import type { CollectorDocument, Row } from './document.ts';
import { canonicalIp } from './identifier.ts';
import { missingStep } from './notes.ts';
import { isUnreadable, plain, readRows, type Unreadable } from './row.ts';
import { readEnumeration, readInteger, readText } from './setting.ts';

/** Who listens, and the services that matter to DSR. */
export type ServiceFacts = Pick<WindowsFacts, 'listeners' | 'httpListenOnly' | 'services'>;

// System.ServiceProcess.ServiceControllerStatus, which is SERVICE_STATUS.dwCurrentState.
const states = new Map([
  [1, 'stopped'],
  [2, 'start-pending'],
  [3, 'stop-pending'],
  [4, 'running'],
  [5, 'continue-pending'],
  [6, 'pause-pending'],
  [7, 'paused'],
] as const);

/** Reads listeners and services from the document of the PowerShell collector. */
export function readServiceFacts(document: CollectorDocument): ServiceFacts {
  return {
    listeners: readListeners(document),
    httpListenOnly:
      document.httpListenOnly === undefined
        ? missingStep(document, 'httpListenOnly')
        : known(document.httpListenOnly.map((text) => text.slice(0, 4096))),
    services: readServices(document),
  };
}

function readListeners(document: CollectorDocument): WindowsFacts['listeners'] {
  const { tcpListeners, udpListeners } = document;
  if (tcpListeners === undefined || udpListeners === undefined) {
    return missingStep(document, tcpListeners === undefined ? 'tcpListeners' : 'udpListeners');
  }
  const tcp = readRows(tcpListeners, (row) => readEnd(row, 'tcp'));
  const udp = readRows(udpListeners, (row) => readEnd(row, 'udp'));
  if (isUnreadable(tcp)) return missing(tcp.unreadable);
  return isUnreadable(udp) ? missing(udp.unreadable) : known([...tcp, ...udp]);
}

function readEnd(row: Row, protocol: Listener['protocol']): Listener | Unreadable {
  const address = canonicalIp(readText(plain(row, 'address'), 64) ?? '');
  const port = readInteger(plain(row, 'port'));
  if (address === null || port === null || port < 0 || port > 65_535)
    return { unreadable: 'a listener that has no address and port' };
  return { protocol, ip: address.ip, port, interface: null, onlyIpv6: null };
}

function readServices(document: CollectorDocument): WindowsFacts['services'] {
  if (document.services === undefined) return missingStep(document, 'services');
  const services = readRows(document.services, (row): WindowsService | Unreadable => {
    const name = readText(plain(row, 'name'), 64);
    const status = plain(row, 'status');
    const state = status === null ? 'absent' : readEnumeration(status, states);
    return name === null || state === null ? { unreadable: 'a service whose state is not known' } : { name, state };
  });
  return isUnreadable(services) ? missing(services.unreadable) : known(services);
}
