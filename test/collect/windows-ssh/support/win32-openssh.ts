// A server in this process that answers as Win32-OpenSSH and its default shell, cmd.exe, do; the texts are authored.
import type { ServerChannel } from 'ssh2';
import { afterAll } from 'vitest';
import { collect } from '../../../../src/collect/collect.ts';
import { windowsProbe } from '../../../../src/collect/windows/probe.ts';
import type { HostSnapshot } from '../../../../src/contracts/snapshot.ts';
import { privateFile, temporaryFolder, testHost, testKey, testOptions } from '../../../support/ssh-server-hosts.ts';
import { resetConnection } from '../../../support/ssh-server-packets.ts';
import { startSshServer, type Behaviour } from '../../../support/ssh-server.ts';

/** One command that a client has sent, with all of its standard input. */
export interface Asked {
  readonly command: string;
  readonly script: string;
  /** The nonce that the script carries. */
  readonly nonce: string;
}

/** What the host does once it has read standard input to its end; `reset` breaks the TCP connection (RST). */
export type Reply = (channel: ServerChannel, asked: Asked, reset: () => void) => void;

/** What a host was asked, and what became of it. */
export interface Visit {
  readonly snapshot: HostSnapshot;
  readonly asked: readonly Asked[];
  readonly connections: number;
}

const folder = temporaryFolder();
const hostKey = testKey();
const userKey = testKey();
const identity = privateFile(folder, 'identity', userKey.privateText);
const knownHosts = privateFile(folder, 'known_hosts', `[127.*]:* ${hostKey.publicLine}\n`);
const closing: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closing.map((close) => close())));

/** Collects one Windows host over SSH; the nth command gets the nth reply, and one without a reply fails the test. */
export async function visit(
  replies: readonly Reply[],
  options: { readonly greeting?: string; readonly timeoutSeconds?: number } = {},
): Promise<Visit> {
  const asked: Asked[] = [];
  const config: Behaviour['config'] = {
    ident: 'OpenSSH_for_Windows_9.5',
    ...(options.greeting === undefined ? {} : { banner: options.greeting }),
  };
  const server = await startSshServer({
    hostKeys: [hostKey],
    userKeys: [userKey],
    config,
    onExec(accept, _reject, command, connection) {
      const reply = replies[asked.length];
      if (reply === undefined) throw new Error(`no reply for command ${asked.length + 1}: ${command}`);
      const channel = accept();
      channel.on('error', () => undefined);
      const chunks: Buffer[] = [];
      const position = asked.push({ command, script: '', nonce: '' }) - 1;
      channel.on('data', (chunk: Buffer) => chunks.push(chunk));
      channel.once('end', () => {
        const script = Buffer.concat(chunks).toString('utf8');
        const nonce = /DSRAUDIT-[A-Z]+ ([a-f0-9]{32})/.exec(script)?.[1] ?? '';
        const whole = { command, script, nonce };
        asked[position] = whole;
        reply(channel, whole, () => resetConnection(connection));
      });
    },
  });
  closing.push(server.close);
  const host = testHost('win01', {
    platform: 'windows',
    port: server.port,
    knownHosts: [knownHosts],
    identityFiles: [identity],
  });
  const [snapshot] = await collect([host], {
    ...testOptions([host]),
    probes: { linux: windowsProbe, windows: windowsProbe },
    timeoutSeconds: options.timeoutSeconds ?? 30,
  });
  if (snapshot === undefined) throw new Error('no snapshot');
  return { snapshot, asked, connections: server.connections() };
}

// prettier-ignore
const codePage850: Readonly<Record<string, number>> = {
  'ü': 0x81, 'É': 0x90, 'À': 0xb7, 'È': 0xd4, 'é': 0x82, 'â': 0x83, 'ä': 0x84, 'à': 0x85, 'ç': 0x87, 'ê': 0x88, 'ë': 0x89, 'è': 0x8a, 'î': 0x8c, 'ô': 0x93,
  'ö': 0x94, 'û': 0x96, 'ù': 0x97, 'ó': 0xa2, 'ß': 0xe1, '\u00a0': 0xff,
};

/** Text as a console of Western Europe writes it: code page 850. */
export function oem(text: string): Buffer {
  return Buffer.from(
    Array.from(text, (character) => {
      const byte = character < '\u0080' ? character.charCodeAt(0) : codePage850[character];
      if (byte === undefined) throw new Error(`no byte of code page 850 is known for ${character}`);
      return byte;
    }),
  );
}

/** The nonce of every stored capture. */
export const captureNonce = 'capture00';

/** A stored capture, or text in its shape, with the marks that the client waits for. */
export function withNonce(capture: string, nonce: string): string {
  return capture.replaceAll(/(?<=^DSRAUDIT-[A-Z]+ )capture00(?= )/gm, nonce);
}
