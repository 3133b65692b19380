import { after, before } from 'mocha'
import type { AdminRole } from '../../protocol/roles.ts'
import type { Database } from '../../server/infra/database.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { makeClient, type TestClient } from '../support/factories.ts'
import { addPerson, JWT_SECRET, type KeptPerson } from '../support/person.ts'

export interface Asked {
  by?: KeptPerson
  method?: string
  body?: unknown
}

/** A server with a bakery, somebody who owns the installation, and a way to ask what people may. */
export interface DeskStage {
  readonly url: string
  readonly database: Database
  readonly bakery: TestClient
  readonly owner: KeptPerson
  somebody(role: AdminRole, client?: { id: string } | null): Promise<KeptPerson>
  fetch(path: string, asked?: Asked): Promise<Response>
  /** The data of an answer, or its problem. */
  ask<T>(path: string, asked?: Asked): Promise<T>
  /** The code of a refusal; `ok` of what is none. */
  codeOf(path: string, asked?: Asked): Promise<string>
}

/** Starts it before the suite that calls this. */
export function deskStage(): DeskStage {
  const set: { app?: TestApp; bakery?: TestClient; owner?: KeptPerson } = {}
  before(async function () {
    this.timeout(60_000)
    set.app = await startApp({ env: { JWT_SECRET } })
    set.bakery = await makeClient(stage.database)
    set.owner = await stage.somebody('owner', null)
  })
  after(() => set.app?.close())

  const stage: DeskStage = {
    get url() {
      return set.app!.url
    },
    get database() {
      return set.app!.place.database
    },
    get bakery() {
      return set.bakery!
    },
    get owner() {
      return set.owner!
    },
    somebody: (role, client = stage.bakery) => addPerson(stage.database, { client, role }),
    fetch(path, { by = stage.owner, method = 'GET', body } = {}) {
      return fetch(`${stage.url}/api/admin/${path}`, {
        ...{ method, headers: { authorization: `Bearer ${by.token}` } },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
    },
    async ask<T>(path: string, asked?: Asked) {
      return (await (await stage.fetch(path, asked)).json()) as T
    },
    codeOf: async (path, asked) => (await stage.ask<{ code?: string }>(path, asked)).code ?? 'ok',
  }
  return stage
}
