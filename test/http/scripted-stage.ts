import { startApp, type TestApp, type TestAppSettings } from '../support/app.ts'
import { RestVisitor } from '../support/rest-visitor.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'

/** For all tests of a suite a server whose model the test speaks for, and visitors without sockets. */
export function setScriptedStage(settings: TestAppSettings = {}): ScriptedStage {
  const stage = new ScriptedStage(settings)
  before(() => stage.build())
  after(() => stage.app.close())
  beforeEach(() => stage.model.calls.clear())
  afterEach(() => stage.clear())
  return stage
}

export class ScriptedStage {
  app!: TestApp
  readonly model = new ScriptedProvider()
  readonly #settings: TestAppSettings
  readonly #visitors: RestVisitor[] = []

  constructor(settings: TestAppSettings) {
    this.#settings = settings
  }

  /** Somebody without a session. */
  visitor(...[session, headers]: DropFirst<ConstructorParameters<typeof RestVisitor>>): RestVisitor {
    const visitor = new RestVisitor(this.app.url, session, headers)
    this.#visitors.push(visitor)
    return visitor
  }

  /** Somebody with a session that is new. */
  async newcomer(): Promise<RestVisitor> {
    const visitor = this.visitor()
    await visitor.start()
    return visitor
  }

  async build(): Promise<void> {
    this.app = await startApp({ provider: this.model, ...this.#settings })
  }

  clear(): void {
    for (const one of this.#visitors.splice(0)) one.close()
  }
}

type DropFirst<T extends unknown[]> = T extends [unknown, ...infer Rest] ? Rest : never
