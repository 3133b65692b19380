import type { Socket } from 'socket.io'

/** What engine.io keeps with a connection, as far as it is touched here. */
interface Kept {
  readyState: string
  writeBuffer: readonly unknown[]
  transport: {
    writable: boolean
    socket?: {
      /** uWebSockets.js has it, ws has not. */
      getBufferedAmount?: () => number
      send(frame: string, isBinary: boolean, compress: boolean): unknown
    }
  }
  write(packet: string): unknown
}

/** What engine.io writes before a packet of Socket.IO. */
const ENGINE_MESSAGE = '4'

/** How a packet of Socket.IO begins that tells of an event; its arguments and `]` follow, as JSON with commas between. */
export function headOf({ nsp }: { nsp: { name: string } }, event: string): string {
  const place = nsp.name === '/' ? '' : `${nsp.name},`
  return `2${place}[${JSON.stringify(event)},`
}

/**
 * Sends a packet that is encoded already. On uWebSockets.js it becomes a frame at once where nothing waits before it,
 * past Socket.IO's and engine.io's buffers, events and callbacks: they are a quarter of what a token costs here
 * (docs/decisions/2026-11-23-a-token-through-the-server.md). Elsewhere, and where something waits, engine.io sends it.
 */
export function sendEncoded({ conn }: Pick<Socket, 'conn'>, packet: string): void {
  const { readyState, writeBuffer, transport } = conn as unknown as Kept
  if (readyState !== 'open') return
  const { socket, writable } = transport
  if (!socket?.getBufferedAmount || !writable || writeBuffer.length > 0) {
    conn.write(packet)
    return
  }
  try {
    socket.send(ENGINE_MESSAGE + packet, false, false)
  } catch {
    // The other side closed it, and engine.io has not heard of it yet.
  }
}
