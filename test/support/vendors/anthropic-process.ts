import { parseArgs } from 'node:util'
import { AnthropicStandIn, GOOD_KEY } from './anthropic.ts'
import { drip } from './scenarios.ts'

/**
 * The stand-in in a process of its own, for runs in which servers are killed:
 * `node --import=tsx test/support/vendors/anthropic-process.ts --pieces 40 --every 20 --word "word " --port 0`
 * Prints one line of JSON, `{"url", "key"}`, when it serves, and ends with SIGTERM. Piece n is the word with n after it,
 * so that a text tells by itself whether something is missing or twice.
 */
const { values } = parseArgs({
  options: {
    pieces: { type: 'string', default: '40' },
    every: { type: 'string', default: '20' },
    word: { type: 'string', default: 'word' },
    port: { type: 'string', default: '0' },
  },
})
const pieces = Array.from({ length: Number(values.pieces) }, (_, number) => `${values.word}${number} `)
const standIn = await AnthropicStandIn.start(Number(values.port))
standIn.otherwise = drip(pieces, Number(values.every))
process.stdout.write(`${JSON.stringify({ url: standIn.url, key: GOOD_KEY })}\n`)
process.once('SIGTERM', () => void standIn.close())
