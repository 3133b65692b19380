import { Type } from 'typebox'
import type { CompileSchema } from '../../infra/validate.ts'
import type { Verdict } from '../kind.ts'
import { question, type ShopifyApi } from './api.ts'
import type { ShopifyConfig } from './connection.ts'
import { TEST_CONNECTION } from './documents.ts'

/** Scopes that the app needs, and what for. */
const NEEDED = { always: ['read_products', 'read_legal_policies'], orders: ['read_orders', 'read_customers'] }

/** Says whether the shop answers, and whether the app may see all that is offered to models. */
export type TryConnection = (api: ShopifyApi, config: ShopifyConfig) => Promise<Verdict>

export function tryShopify(compile: CompileSchema): TryConnection {
  const asking = question(compile, TEST_CONNECTION, Tried)

  return async (api, { user_ids }) => {
    const answer = await api.ask(asking, {})
    if (!answer.ok) return { ok: false, message: answer.message }
    const { shop, currentAppInstallation: app } = answer.data
    const granted = new Set(app.accessScopes.map(({ handle }) => handle.replace(/^write_/, 'read_')))
    const needed = [...NEEDED.always, ...(user_ids === undefined ? [] : NEEDED.orders)]
    const missing = needed.filter((scope) => !granted.has(scope))
    if (missing.length > 0)
      return { ok: false, message: `The shop answers, but the app lacks scopes: ${missing.join(', ')}.` }
    const works = `It works: ${shop.name.slice(0, 100)}.`
    const older = user_ids === undefined || granted.has('read_all_orders')
    return { ok: true, message: older ? works : `${works} ${ONLY_RECENT}` }
  }
}

const ONLY_RECENT = 'Orders older than 60 days are not seen, as the app lacks the scope read_all_orders.'

const Tried = Type.Object({
  shop: Type.Object({ name: Type.String() }),
  currentAppInstallation: Type.Object({
    accessScopes: Type.Array(Type.Object({ handle: Type.String() })),
  }),
})
