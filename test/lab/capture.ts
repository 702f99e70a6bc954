import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Namespace, inside } from './namespace.ts';

/** An ARP request that was seen. */
export interface Request {
  /** The interface of the observer that it arrived on. */
  readonly interface: string;
  /** Source of the frame, lower case. */
  readonly mac: string;
  readonly target: string;
  /** Sender address; 0.0.0.0 in a probe. */
  readonly sender: string;
}

/** A running capture. */
export interface Capture {
  /** Ends the capture and returns the requests that it saw; throws when the kernel dropped any packet. */
  stop(): Promise<readonly Request[]>;
}

/** Captures the ARP requests that arrive on any interface of a namespace; resolves when it listens. */
export async function captureArp(namespace: Namespace): Promise<Capture> {
  const [file = '', ...args] = inside(
    namespace,
    'setpriv',
    '--pdeathsig',
    'KILL',
    'tcpdump',
    '-n',
    '-e',
    '-l',
    '-s',
    '128',
    '--immediate-mode',
    '-B',
    '8192',
    '-i',
    'any',
    'arp[6:2]=1 and inbound',
  );
  const tcpdump = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let complaints = '';
  tcpdump.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const closed = once(tcpdump, 'close');
  await new Promise<void>((resolve, reject) => {
    tcpdump.on('error', reject);
    tcpdump.on('close', () => reject(new Error(`tcpdump ended: ${complaints}`)));
    tcpdump.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints += text;
      if (complaints.includes('listening on')) resolve();
    });
  });
  return {
    async stop() {
      tcpdump.kill('SIGINT');
      await closed;
      if (!/^0 packets dropped by kernel/m.test(complaints)) throw new Error(`tcpdump lost packets: ${complaints}`);
      return output.split('\n').flatMap(parseRequest);
    },
  };
}

/** Reads one line of `tcpdump -n -e -i any`: the interface, the direction, ifindex, the source MAC, then what was asked. */
export function parseRequest(line: string): readonly Request[] {
  const [, name, mac, target, sender] =
    /^\S+ (\S+) +(?:In|B|M) +ifindex \d+ ([0-9a-f:]{17}) .*: Request who-has (\S+?)(?: \(.*?\))? tell (\S+), /.exec(
      line,
    ) ?? [];
  if (name === undefined || mac === undefined || target === undefined || sender === undefined) return [];
  return [{ interface: name, mac, target, sender }];
}
