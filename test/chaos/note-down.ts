import type { AgentTools } from '../../server/agent/run-agent.ts'

/** A function with an effect outside, by its name. */
export const NOTE_DOWN = 'note_down'

const WITHIN_MS = 3_000

/** A function that does something outside, at `url`, under the key it is given: whoever does it again says so there. */
export function noteDown(url: string): AgentTools {
  return {
    definitions: [
      {
        name: NOTE_DOWN,
        description: 'Notes something down for the business.',
        parameters: {
          type: 'object',
          properties: { nonce: { type: 'string' } },
          required: ['nonce'],
          additionalProperties: false,
        },
      },
    ],
    async run({ id, name, arguments: given }, key, signal) {
      signal.throwIfAborted()
      const body = JSON.stringify({ nonce: given?.['nonce'], key })
      // Once it is asked for it is not taken back: it may have happened.
      const done = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(WITHIN_MS) }).then(
        ({ ok }) => ok,
        () => false,
      )
      return { call_id: id, name, content: done ? 'Noted.' : 'It did not work.', failed: !done }
    },
  }
}
