import { after, afterEach, before } from 'mocha'
import type { Database } from '../../server/infra/database.ts'
import { openRawWebSocket, type RawWebSocket } from '../sockets/raw-websocket.ts'
import { startApp, type TestApp, type TestAppSettings } from '../support/app.ts'
import { Visitor } from '../support/visitor.ts'
import { listenForComplaints, type Complaints } from './complaints.ts'
import { instantProvider } from './instant-provider.ts'

/** A server that a suite attacks. After every test it must serve a good visitor, and have complained of nothing. */
export interface AttackedApp {
  readonly url: string
  readonly port: number
  readonly database: Database
  /** A raw connection that has joined as a visitor. */
  join(): Promise<RawWebSocket>
}

/** Starts it before the suite that calls this. */
export function attackedApp(settings: TestAppSettings = {}): AttackedApp {
  const set: { app?: TestApp; complaints?: Complaints } = {}

  before(async function () {
    this.timeout(60_000)
    set.complaints = listenForComplaints()
    set.app = await startApp({ provider: instantProvider, log: set.complaints.log, ...settings })
  })
  afterEach(async () => {
    await serveGoodVisitor(app.url)
    set.complaints?.none()
  })
  after(async () => {
    await set.app?.close()
    set.complaints?.stop()
    set.complaints?.none()
  })

  const app: AttackedApp = {
    get url() {
      if (!set.app) throw new Error('the app has not started')
      return set.app.url
    },
    get port() {
      return Number(new URL(app.url).port)
    },
    get database() {
      if (!set.app) throw new Error('the app has not started')
      return set.app.place.database
    },
    async join() {
      const raw = await openRawWebSocket(app.port)
      raw.send(`40/widget,${JSON.stringify({ client_key: 'pk_demo', protocol: 1 })}`)
      await raw.text((text) => text.startsWith('42/widget,["session:ready"'))
      return raw
    },
  }
  return app
}

async function serveGoodVisitor(url: string): Promise<void> {
  const visitor = new Visitor(url)
  await visitor.ready()
  await visitor.send('m1', 'Are you still there?')
  await visitor.next('reply:end')
  visitor.close()
}
