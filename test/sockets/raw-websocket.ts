import { once } from 'node:events'
import net from 'node:net'

/** A WebSocket client without manners: it can stop reading, and send anything. */
export interface RawWebSocket {
  socket: net.Socket
  /** Sends one masked frame; opcode 1 is text, 2 binary. */
  send(payload: string | Buffer, opcode?: number): void
  /** Sends bytes as they are. */
  write(bytes: Buffer): void
  /** Texts received so far, each once; a frame that was cut off is not among them. */
  texts(): string[]
  /** Resolves with the first text that satisfies `wanted`. Rejects when the connection closes before. */
  text(wanted: (text: string) => boolean): Promise<string>
  closed: Promise<void>
}

/** Opens a connection; `path` may say another engine.io revision or transport. Resolves after the 101. */
export async function openRawWebSocket(
  port: number,
  path = '/socket.io/?EIO=4&transport=websocket',
): Promise<RawWebSocket> {
  const socket = net.connect(port, '127.0.0.1')
  let received = Buffer.alloc(0)
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('error', () => undefined)
  socket.on('data', (data) => (received = Buffer.concat([received, data])))
  socket.write(
    `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
      'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  while (!received.includes('\r\n\r\n')) await Promise.race([once(socket, 'data'), closed.then(refused)])
  const head = received.indexOf('\r\n\r\n') + 4
  if (!received.toString('latin1', 0, head).startsWith('HTTP/1.1 101')) refused()
  const texts = (): string[] => readTexts(received.subarray(head))
  return {
    socket,
    texts,
    closed,
    send: (payload, opcode = 1) => void socket.write(frame(Buffer.from(payload), opcode)),
    write: (bytes) => void socket.write(bytes),
    async text(wanted) {
      for (;;) {
        const found = texts().find(wanted)
        if (found !== undefined) return found
        await Promise.race([once(socket, 'data'), closed.then(refused)])
      }
    },
  }

  function refused(): never {
    throw new Error(`refused: ${received.toString('latin1').slice(0, 200)}`)
  }
}

/** One whole frame with a mask of zeroes. */
export function frame(payload: Buffer, opcode: number): Buffer {
  const mask = Buffer.alloc(4)
  if (payload.length < 126) {
    return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length]), mask, payload])
  }
  const head = Buffer.from([0x80 | opcode, 0xff, 0, 0, 0, 0, 0, 0, 0, 0])
  head.writeUInt32BE(payload.length, 6)
  return Buffer.concat([head, mask, payload])
}

function readTexts(bytes: Buffer): string[] {
  const texts: string[] = []
  for (let at = 0; at + 2 <= bytes.length;) {
    const short = bytes[at + 1]! & 0x7f
    const head = short < 126 ? 2 : short === 126 ? 4 : 10
    if (at + head > bytes.length) break
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUInt32BE(at + 6)
    if (at + head + length > bytes.length) break
    if ((bytes[at]! & 0x0f) === 1) texts.push(bytes.toString('utf8', at + head, at + head + length))
    at += head + length
  }
  return texts
}
