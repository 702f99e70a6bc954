import type { Connection, ServerChannel } from 'ssh2';

/** Parts of ssh2 that a hostile server needs and that its API hides (1.17.0). */
interface Protocol {
  _authsQueue: string[];
  _packetRW: { write: { allocStart: number; alloc(length: number): Buffer; finalize(packet: Buffer): Buffer } };
  _cipher: { encrypt(packet: Buffer): void };
  authSuccess(): void;
  channelData(id: number, data: Buffer): void;
  channelExtData(id: number, data: Buffer, type: number): void;
}

interface Socket {
  readonly destroyed: boolean;
  readonly writable: boolean;
  readonly writableNeedDrain: boolean;
  resetAndDestroy(): void;
}

interface Hidden {
  readonly _protocol: Protocol;
  readonly _sock: Socket;
}

function hidden(connection: Connection): Hidden {
  return connection as unknown as Hidden;
}

/** Sends any SSH message. */
export function sendPacket(connection: Connection, payload: Buffer): void {
  const { _protocol: protocol } = hidden(connection);
  const { _packetRW: packets, _cipher: cipher } = protocol;
  const start = packets.write.allocStart;
  const packet = packets.write.alloc(payload.length);
  packet.set(payload, start);
  cipher.encrypt(packets.write.finalize(packet));
}

function sshString(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** SSH_MSG_DISCONNECT with a text of the server's choice. */
export function sendDisconnect(connection: Connection, text: string): void {
  sendPacket(connection, Buffer.concat([Buffer.from([1, 0, 0, 0, 2]), sshString(text), sshString('')]));
}

/** SSH_MSG_IGNORE of so many bytes. */
export function sendIgnore(connection: Connection, bytes: number): void {
  sendPacket(connection, Buffer.concat([Buffer.from([2]), sshString('i'.repeat(bytes))]));
}

/** SSH_MSG_USERAUTH_BANNER. */
export function sendBanner(connection: Connection, text: string): void {
  sendPacket(connection, Buffer.concat([Buffer.from([53]), sshString(text), sshString('')]));
}

/** SSH_MSG_USERAUTH_SUCCESS, whether or not anybody asked. */
export function sendAuthSuccess(connection: Connection): void {
  sendPacket(connection, Buffer.from([52]));
}

/** SSH_MSG_CHANNEL_OPEN of a type that a client never asked for. */
export function sendChannelOpen(connection: Connection, type: string): void {
  const numbers = Buffer.alloc(12);
  numbers.writeUInt32BE(77, 0);
  numbers.writeUInt32BE(2 ** 20, 4);
  numbers.writeUInt32BE(2 ** 15, 8);
  sendPacket(connection, Buffer.concat([Buffer.from([90]), sshString(type), numbers]));
}

/** Sends without end and without regard to the window, as fast as the socket takes it. */
export function flood(connection: Connection, send: () => void): void {
  const { _sock: socket } = hidden(connection);
  const more = (): void => {
    for (let burst = 0; burst < 16; burst += 1) {
      if (socket.destroyed || !socket.writable) return;
      if (!socket.writableNeedDrain) send();
    }
    setTimeout(more, 1);
  };
  more();
}

/** Data on a channel, past its window. */
export function floodChannel(channel: ServerChannel, connection: Connection, stream: 'output' | 'error'): void {
  const { outgoing } = channel as unknown as { outgoing: { id: number } };
  const { _protocol: protocol } = hidden(connection);
  const block = Buffer.alloc(32 * 1024, 'x');
  flood(connection, () => {
    if (stream === 'output') protocol.channelData(outgoing.id, block);
    else protocol.channelExtData(outgoing.id, block, 1);
  });
}

/** Breaks the TCP connection (RST), at once. */
export function resetConnection(connection: Connection): void {
  const { _sock: socket } = hidden(connection);
  socket.resetAndDestroy();
}
