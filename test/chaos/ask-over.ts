import type { Socket } from 'socket.io-client'

/** Milliseconds until an ack is given up. */
const ACK_WITHIN = 5_000

interface Emitting {
  emit(event: string, payload: unknown, ack: (error: Error | null, answer: unknown) => void): unknown
}

/**
 * Asks over a socket. Null: no answer came, so it may have happened. `seen` is told in the moment in which the answer
 * arrives, before whatever arrives behind it.
 */
export function askOver<Answer>(
  socket: Socket | null,
  request: string,
  payload: unknown,
  seen: (answer: Answer) => void = () => undefined,
): Promise<Answer | null> {
  if (socket === null) return Promise.resolve(null)
  return new Promise((resolve) => {
    const emitting = socket.timeout(ACK_WITHIN) as unknown as Emitting
    emitting.emit(request, payload, (error, answer) => {
      if (error === null) seen(answer as Answer)
      resolve(error === null ? (answer as Answer) : null)
    })
  })
}
