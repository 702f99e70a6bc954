import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import pLimit from 'p-limit';
import type { Clock } from '../clock.ts';
import { HostFailure } from '../failure.ts';
import { within } from '../within.ts';

/** Opens a TCP connection to an address or name within so many seconds; rejects with kind dns, refused or timeout. */
export type Dial = (address: string, port: number, seconds: number, clock: Clock) => Promise<Socket>;

// getaddrinfo runs in libuv's pool of four threads and cannot be cancelled. Queueing here, with the clock stopped and the
// place kept until the thread is free, keeps names that do not resolve from using up the time of the names behind them.
const lookupsAtOnce = 4;

// Node's own 250 ms a candidate address is less than a round trip to a far site.
const attemptMilliseconds = 3000;

/** A dialler for one run. */
export function createDial(): Dial {
  const turns = pLimit(lookupsAtOnce);

  function resolveInTurn(name: string, seconds: number, clock: Clock): Promise<readonly LookupAddress[]> {
    const late = (): HostFailure => new HostFailure('dns', 'name', `${name} was not resolved within ${seconds} s`);
    const inTurn = new Promise<readonly LookupAddress[]>((resolve, reject) => {
      void turns(async () => {
        if (clock.signal.aborted) return;
        clock.resume();
        const work = resolveName(name);
        within(work, { signal: clock.signal, phase: () => 'name', seconds, late }).then(resolve, reject);
        await Promise.allSettled([work]);
      });
    });
    clock.pause();
    return within(inTurn, { signal: clock.signal, phase: () => 'name' });
  }

  return async (address, port, seconds, clock) => {
    const family = isIP(address);
    const addresses = family === 0 ? await resolveInTurn(address, seconds, clock) : [{ address, family }];
    const place = `${address} port ${port}`;
    const socket = connect({
      host: address,
      port,
      noDelay: true,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: attemptMilliseconds,
      lookup: (_name, _options, callback) => callback(null, [...addresses]),
    });
    const opened = new Promise<Socket>((resolve, reject) => {
      socket.once('connect', () => resolve(socket));
      // Stays for the socket's whole life: a late ECONNRESET must not end the process.
      socket.on('error', (error) => reject(connectFailure(place, error)));
    });
    const late = (): HostFailure =>
      new HostFailure(
        'timeout',
        'tcp',
        `${place} did not answer within ${seconds} s. Is the host up, or does a firewall drop the packets?`,
      );
    try {
      return await within(opened, { signal: clock.signal, phase: () => 'tcp', seconds, late });
    } catch (error) {
      socket.destroy();
      throw error;
    }
  };
}

async function resolveName(name: string): Promise<readonly LookupAddress[]> {
  try {
    return await lookup(name, { all: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const advice = 'Correct the name, or set address to an IP address';
    throw new HostFailure('dns', 'name', `${name} does not resolve (${code}). ${advice}`, { cause: error });
  }
}

function connectFailure(place: string, error: NodeJS.ErrnoException): HostFailure {
  const { code } = error;
  if (code === 'ETIMEDOUT') {
    return new HostFailure('timeout', 'tcp', `${place} did not answer (ETIMEDOUT)`, { cause: error });
  }
  const reason =
    code === 'ECONNREFUSED'
      ? `${place} refused the connection. Is the SSH service running, and is the port right?`
      : `${place} cannot be reached (${code ?? error.message}). Check address, route and firewall`;
  return new HostFailure('refused', 'tcp', reason, { cause: error });
}
