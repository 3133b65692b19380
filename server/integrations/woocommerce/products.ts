import { Type, type Static } from 'typebox'
import type { CompileSchema } from '../../infra/validate.ts'
import type { Failure, Fetched } from '../kind.ts'
import { moneyOf } from '../shop/money.ts'
import { plainText } from '../shop/plain-text.ts'
import { NO_SUCH_PRODUCT, refused } from '../shop/refusals.ts'
import { formOf, type Page, type WooApi } from './api.ts'
import { nextOf, pageAfter } from './pages.ts'

/** Products and variations of one answer, and characters of a description: models read 2,000 tokens of a result. */
const PRODUCTS = 8
const VARIATIONS = 25
const DESCRIPTION = 1_200

/** What models ask about products. Arguments fit the schemas of `shopFunctions`. */
export interface WooProducts {
  search(asking: WooAsking, given: { query: string; after?: string }): Promise<Fetched>
  get(asking: WooAsking, given: { product: string; after?: string }): Promise<Fetched>
}

export interface WooAsking {
  api: WooApi
  currency: () => Promise<string | null>
}

export function wooProducts(compile: CompileSchema): WooProducts {
  const found = formOf(compile, FoundProduct)
  const whole = formOf(compile, Product)
  const variation = formOf(compile, Variation)

  return {
    async search({ api, currency: currencyOf }, { query, after }) {
      const words = searchedWords(query)
      if (words === null) return refused('There is no word in the query. Ask again with one.')
      const page = pageAfter(after)
      const [answer, currency] = await Promise.all([find(api, words, page), currencyOf()])
      if (!answer.ok) return answer
      const products = answer.records.filter(isForSale).map((one) => tellFound(one, currency))
      return { ok: true, data: { products, ...nextOf(answer, page) } }
    },
    async get({ api, currency: currencyOf }, { product: id, after }) {
      const page = pageAfter(after)
      const [answer, variations, currency] = await Promise.all([
        api.one(`/wc/v3/products/${id}`, whole),
        api.page(`/wc/v3/products/${id}/variations`, variation, { page, perPage: VARIATIONS }),
        currencyOf(),
      ])
      if (!answer.ok) return answer.problem === 'not_found' ? NO_SUCH_PRODUCT : answer
      if (!isForSale(answer.record)) return NO_SUCH_PRODUCT
      if (!variations.ok) return variations
      const variants = variations.records.filter(({ status }) => status === 'publish')
      const told = variants.map((one) => tellVariation(one, currency))
      const product = tellProduct(answer.record, currency)
      return { ok: true, data: { ...product, variants: told, ...nextOf(variations, page) } }
    },
  }

  /** By name first. Its search does not look into article numbers, so what may be one is looked for as such then. */
  async function find(api: WooApi, words: string, page: number): Promise<Page<Found> | Failure> {
    const asked = { status: 'publish', page, perPage: PRODUCTS }
    const listed = { status: 'publish' }
    const byName = await api.page('/wc/v3/products', found, { ...asked, query: { ...listed, search: words } })
    const mayBeNumber = byName.ok && byName.records.length === 0 && page === 1 && /^\S*\d\S*$/.test(words)
    return mayBeNumber
      ? api.page('/wc/v3/products', found, { ...asked, query: { ...listed, sku: words } })
      : byName
  }
}

/**
 * WordPress takes a word behind a `-` for one that must not be there, quotes for a phrase, and a comma between article
 * numbers for more of them. Null: no word is left.
 */
function searchedWords(query: string): string | null {
  const words = query
    .normalize('NFC')
    .split(/[\s"'\\,\p{Cc}\p{Cf}]+/u)
    .map((word) => word.replace(/^-+/, ''))
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
  return words.length === 0 ? null : words.slice(0, 8).join(' ')
}

const Shown = {
  id: Type.Integer(),
  name: Type.String(),
  status: Type.String(),
  catalog_visibility: Type.String(),
  post_password: Type.Optional(Type.String()),
  permalink: Type.String(),
  price: Type.String(),
  stock_status: Type.String(),
}

const FoundProduct = Type.Object({ ...Shown, type: Type.String() })
type Found = Static<typeof FoundProduct>

/** Neither drafts, nor what its page hides behind a password, nor what the shop lists nowhere. */
function isForSale(product: Pick<Found, 'status' | 'catalog_visibility' | 'post_password'>): boolean {
  const { status, catalog_visibility: visibility, post_password: password = '' } = product
  return status === 'publish' && visibility !== 'hidden' && password === ''
}

/** Of a product with variations, the price is the lowest. */
function tellFound(product: Found, currency: string | null) {
  const price = moneyOf(product.price, currency)
  return {
    product: String(product.id),
    name: plainText(product.name, 300),
    ...(product.type === 'variable' ? { price_from: price } : { price }),
    in_stock: product.stock_status === 'instock',
    url: product.permalink,
  }
}

const Product = Type.Object({
  ...Shown,
  type: Type.String(),
  description: Type.String(),
  short_description: Type.String(),
  sku: Type.String(),
  regular_price: Type.String(),
  on_sale: Type.Boolean(),
  stock_quantity: Type.Union([Type.Number(), Type.Null()]),
  attributes: Type.Array(Type.Object({ name: Type.String(), options: Type.Array(Type.String()) })),
})

function tellProduct(product: Static<typeof Product>, currency: string | null) {
  const before = product.on_sale ? moneyOf(product.regular_price, currency) : null
  return {
    ...tellFound(product, currency),
    description: plainText(product.short_description || product.description, DESCRIPTION),
    sku: product.sku,
    price_before: before,
    quantity_left: product.stock_quantity,
    attributes: Object.fromEntries(
      product.attributes.map(({ name, options }) => [name, options.slice(0, 20)]),
    ),
  }
}

const Variation = Type.Object({
  status: Type.String(),
  sku: Type.String(),
  price: Type.String(),
  regular_price: Type.String(),
  on_sale: Type.Boolean(),
  stock_status: Type.String(),
  stock_quantity: Type.Union([Type.Number(), Type.Null()]),
  purchasable: Type.Boolean(),
  attributes: Type.Array(Type.Object({ name: Type.String(), option: Type.String() })),
})

function tellVariation(variation: Static<typeof Variation>, currency: string | null) {
  return {
    options: Object.fromEntries(variation.attributes.map(({ name, option }) => [name, option])),
    sku: variation.sku,
    price: moneyOf(variation.price, currency),
    price_before: variation.on_sale ? moneyOf(variation.regular_price, currency) : null,
    can_be_bought: variation.purchasable && variation.stock_status !== 'outofstock',
    quantity_left: variation.stock_quantity,
  }
}
