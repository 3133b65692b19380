import { Type } from 'typebox'
import type { CompileSchema } from '../../infra/validate.ts'
import type { Fetched, FunctionTraits } from '../kind.ts'
import { SHOP_TRAITS } from '../shop/functions.ts'
import { plainText } from '../shop/plain-text.ts'
import { notFound } from '../shop/refusals.ts'
import { question, type ShopifyApi } from './api.ts'
import { GET_POLICIES } from './documents.ts'

/** Of one policy, Shopify keeps up to 512 KB. */
const MOST_BYTES = 1024 * 1024

/** Characters of a policy that are told: about as much as a model reads of a result. */
const LONGEST = 6_000

/** Policies by the names that models know them under. */
const TYPES = {
  returns: 'REFUND_POLICY',
  shipping: 'SHIPPING_POLICY',
  privacy: 'PRIVACY_POLICY',
  terms: 'TERMS_OF_SERVICE',
  subscriptions: 'SUBSCRIPTION_POLICY',
  contact: 'CONTACT_INFORMATION',
} as const

export const GET_POLICY: FunctionTraits & { endpoint: null } = {
  ...SHOP_TRAITS,
  name: 'get_policy',
  label: 'Reading the shop’s rules',
  description:
    'Tells what the shop has written about returns, shipping, privacy, its terms, subscriptions or contact.',
  parameters: {
    type: 'object',
    properties: { policy: { type: 'string', enum: Object.keys(TYPES) } },
    required: ['policy'],
    additionalProperties: false,
  },
  personal: false,
}

/** What models ask about the shop's rules. */
export type TellPolicy = (api: ShopifyApi, given: { policy: keyof typeof TYPES }) => Promise<Fetched>

export function shopifyPolicies(compile: CompileSchema): TellPolicy {
  const asking = question(compile, GET_POLICIES, Policies, MOST_BYTES)

  return async (api, { policy: asked }) => {
    const answer = await api.ask(asking, {})
    if (!answer.ok) return answer
    const found = answer.data.shop.shopPolicies.find(({ type }) => type === TYPES[asked])
    if (!found) return notFound('The shop has written nothing about this.')
    const { title, body, url, updatedAt: updated_at } = found
    return { ok: true, data: { title, text: plainText(body, LONGEST), url, updated_at } }
  }
}

const Policies = Type.Object({
  shop: Type.Object({
    shopPolicies: Type.Array(
      Type.Object({
        type: Type.String(),
        title: Type.String(),
        body: Type.String(),
        url: Type.String(),
        updatedAt: Type.String(),
      }),
    ),
  }),
})
