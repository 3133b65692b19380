import assert from 'node:assert/strict'
import { Agent, METHODS, type OutgoingHttpHeaders } from 'node:http'
import { before, describe, it } from 'mocha'
import fc from 'fast-check'
import type { SessionStarted } from '../../protocol/rest.ts'
import { ask, converse } from '../http/raw-http.ts'
import { rounds } from '../support/rounds.ts'
import { Visitor } from '../support/visitor.ts'
import {
  assertAnswered,
  assertAsDocumented,
  bodies,
  everyRoute,
  headers,
  paths,
  queries,
} from './hostile-http.ts'
import { attackedApp } from './attacked-app.ts'

const SEED = 20261123
/** A connection for each request: one that was answered before its body had come is closed. */
const FRESH = new Agent({ keepAlive: false })
const MEGABYTE = 1024 * 1024

/** Node's own client takes the answer to CONNECT for a tunnel; the engines' tests have what is no HTTP. */
const ASKED = METHODS.filter((method) => method !== 'CONNECT')

describe('A route, attacked', () => {
  const app = attackedApp({ env: { TRUSTED_PROXIES: '127.0.0.1' } })
  let session: SessionStarted

  before(async () => {
    const body = JSON.stringify({ client_api_key: 'pk_demo' })
    const answer = await ask(app.port, '/api/v1/sessions/start', { method: 'POST', body })
    session = JSON.parse(answer.body) as SessionStarted
    // With a transcript, or there would be nothing that a query could be about.
    const visitor = new Visitor(app.url, { ...session })
    await visitor.ready()
    await visitor.send('m1', 'Hello')
    await visitor.next('reply:end')
    visitor.close()
  })

  for (const [method, route] of everyRoute()) {
    // All routes of people refuse who does not come with a token of theirs in the same place.
    const share = route.startsWith('/api/admin/') ? 1 / 3 : 1

    describe(`${method} ${route}`, () => {
      const [path = ''] = fc.sample(paths(route), { seed: SEED, numRuns: 1 })
      // Node's client says of its own accord how long a body is only where it expects one.
      const send = (target: string, headers: OutgoingHttpHeaders, body: Buffer) =>
        ask(app.port, target, {
          ...{ method, body, agent: FRESH },
          headers: { ...headers, 'content-length': body.byteLength },
        })

      it('answers every method that there is, and one that there is not', async () => {
        for (const asked of ASKED) {
          const answer = await ask(app.port, path, { method: asked, agent: FRESH })
          assertAnswered(answer, asked, `${asked} ${path}`)
        }
        const head = `NONSENSE ${path} HTTP/1.1\r\nhost: 127.0.0.1:${app.port}\r\nconnection: close\r\n\r\n`
        assert.match(await converse(app.port, head, () => false), /^HTTP\/1\.1 4\d\d /)
      })

      it('answers whatever path, query, headers and body it is asked with', async () => {
        const attack = fc.record({ path: paths(route), query: queries, headers, body: bodies })
        await fc.assert(
          fc.asyncProperty(attack, async (hostile) => {
            const target = hostile.path + hostile.query
            const answer = await send(target, hostile.headers, hostile.body)
            assertAnswered(answer, method, target)
          }),
          { seed: SEED, numRuns: rounds(30 * share) },
        )
      })

      it('answers its own visitor’s nonsense', async () => {
        const own = route.replace(':session_id', session.session_id)
        const authorization = `Bearer ${session.session_token}`
        const attack = fc.record({ path: paths(own), query: queries, body: bodies })
        await fc.assert(
          fc.asyncProperty(attack, async (hostile) => {
            const target = hostile.path + hostile.query
            const answer = await send(target, { authorization }, hostile.body)
            assertAsDocumented(answer, [method, route], target)
          }),
          { seed: SEED, numRuns: rounds(20 * share) },
        )
      })

      it('stands a megabyte', async () => {
        for (const length of [{ 'content-length': MEGABYTE }, { 'transfer-encoding': 'chunked' }]) {
          const settings = { method, agent: FRESH, headers: length, body: Buffer.alloc(MEGABYTE, 'x') }
          const answer = await ask(app.port, path, settings).catch(
            (error: unknown) => error as NodeJS.ErrnoException,
          )
          // Who goes on sending after he was refused may find the connection closed before he reads why.
          if (answer instanceof Error) assert.match(answer.code ?? '', /^(ECONNRESET|EPIPE)$/)
          else assertAnswered(answer, method, path)
        }
      })
    })
  }
})
