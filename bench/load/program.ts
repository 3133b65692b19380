/** Visitors, as many as are wanted, in one process that its parent calls. */
import { setTimeout as delay } from 'node:timers/promises'
import { serveCalls } from '../processes/calls.ts'
import { DIALECTS } from './dialects.ts'
import { Latencies } from './latencies.ts'
import type { LoadCalls } from './load.ts'
import { Visitor, type Crowd } from './visitor.ts'

/** Connections that are opened at a time: more at once would only wait in the listener's queue. */
const AT_ONCE = 50
const FAULTS_TOLD = 20

const crowd: Crowd = {
  url: '',
  latencies: new Latencies(),
  heard: 0,
  restarts: 0,
  faults: [],
}
let visitors: Visitor[] = []

serveCalls<LoadCalls>({
  async open({ url, dialect, count }) {
    crowd.url = url
    visitors = []
    while (visitors.length < count) {
      const more = Array.from(
        { length: Math.min(AT_ONCE, count - visitors.length) },
        () => new Visitor(crowd, DIALECTS[dialect]()),
      )
      await Promise.all(more.map((visitor) => visitor.ready))
      visitors.push(...more)
    }
    return null
  },

  async ask({ withinMs }) {
    const begun = visitors.map(async (visitor, number) => {
      await delay((withinMs * number) / visitors.length)
      await visitor.ask()
    })
    await Promise.all(begun)
    return null
  },

  begin() {
    crowd.latencies.begin()
    return { heard: crowd.heard }
  },

  end() {
    return { heard: crowd.heard, latency: crowd.latencies.end() }
  },

  async settle() {
    await Promise.all(visitors.map((visitor) => visitor.settled()))
    const { restarts } = crowd
    const faults = crowd.faults.slice(0, FAULTS_TOLD)
    Object.assign(crowd, { restarts: 0, faults: [] })
    return { restarts, faults }
  },

  close() {
    for (const visitor of visitors) visitor.leave()
    visitors = []
    return null
  },
})
