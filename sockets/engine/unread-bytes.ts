import type { Socket } from 'socket.io'

/** What both engines keep with a connection, as far as it is looked at here. */
interface Kept {
  readyState: string
  /** What waits in engine.io until ws has let go of what came before. */
  writeBuffer: readonly { data?: string | Buffer }[]
  transport: { socket?: { getBufferedAmount?: () => number; bufferedAmount?: number } }
}

/** Bytes that were sent to a connection and that its other end has not taken yet, on either engine; 0 once it is closed. */
export function unreadBytes({ conn }: Pick<Socket, 'conn'>): number {
  const { readyState, writeBuffer, transport } = conn as unknown as Kept
  const { socket } = transport
  if (readyState !== 'open' || socket === undefined) return 0
  if (!socket.getBufferedAmount) return (socket.bufferedAmount ?? 0) + sum(writeBuffer)
  try {
    return socket.getBufferedAmount()
  } catch {
    // The other side closed it, and engine.io has not heard of it yet.
    return 0
  }
}

function sum(packets: Kept['writeBuffer']): number {
  let bytes = 0
  for (const { data } of packets) bytes += data?.length ?? 0
  return bytes
}
