/**
 * A stand-in for Anthropic that speaks its wire exactly and costs little: `--rate` tokens a second to each of any
 * number of streams, until it is told to come to an end.
 */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { serveCalls } from '../processes/calls.ts'
import type { ProviderCalls } from './provider.ts'
import { microseconds, stampedToken } from './stamp.ts'
import { Wheel } from './wheel.ts'
import { afterText, BEFORE_TEXT, textDelta } from './wire.ts'

const { values } = parseArgs({ options: { rate: { type: 'string' } } })
const wheel = new Wheel(1_000 / Number(values.rate))
/** Counts how often it was told to: answers that were begun before come to their end. */
let endings = 0

const server = createServer((request, response) => {
  request.resume().once('end', () => speak(response))
}).listen(0, '127.0.0.1')
await once(server, 'listening')

serveCalls<ProviderCalls>({
  url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  end() {
    endings++
    return null
  },
})

function speak(response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'request-id': 'req_bench',
  })
  response.write(BEFORE_TEXT)
  const begun = endings
  let number = 0
  wheel.add(() => {
    if (response.destroyed) return true
    const isLast = endings > begun
    response.write(textDelta(stampedToken({ number, at: microseconds(), isLast })))
    number++
    if (isLast) response.end(afterText(number))
    return isLast
  })
}
