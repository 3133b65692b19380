import { Type, type Static } from 'typebox'
import type { CompileSchema } from '../../infra/validate.ts'
import type { Fetched } from '../kind.ts'
import { moneyOf } from '../shop/money.ts'
import { NO_SUCH_PRODUCT, refused } from '../shop/refusals.ts'
import { MoneyV2, nextOf, NullableText, PageInfo } from './answer-parts.ts'
import { question, type ShopifyApi } from './api.ts'
import { FOR_SALE, GET_PRODUCT, SEARCH_PRODUCTS } from './documents.ts'
import { quotedTerms } from './search-terms.ts'

/** Products and variants of one answer: models read 2,000 tokens of a result. */
const PRODUCTS = 8
const VARIANTS = 25

/** What models ask about products. Arguments fit the schemas of `shopFunctions`. */
export interface ShopifyProducts {
  search(api: ShopifyApi, given: { query: string; after?: string }): Promise<Fetched>
  get(api: ShopifyApi, given: { product: string; after?: string }): Promise<Fetched>
}

export function shopifyProducts(compile: CompileSchema): ShopifyProducts {
  const searching = question(compile, SEARCH_PRODUCTS, FoundProducts)
  const getting = question(compile, GET_PRODUCT, OneProduct)

  return {
    async search(api, { query, after = null }) {
      const terms = quotedTerms(query)
      if (terms === null) return refused('There is no word in the query. Ask again with one.')
      const variables = { query: `${FOR_SALE} AND (${terms})`, first: PRODUCTS, after }
      const answer = await api.ask(searching, variables)
      if (!answer.ok) return answer
      const { nodes, pageInfo } = answer.data.products
      return { ok: true, data: { products: nodes.filter(isForSale).map(tellFound), ...nextOf(pageInfo) } }
    },
    async get(api, { product: id, after = null }) {
      const variables = { id: `gid://shopify/Product/${id}`, first: VARIANTS, after }
      const answer = await api.ask(getting, variables)
      if (!answer.ok) return answer
      const { product } = answer.data
      return product && isForSale(product) ? { ok: true, data: tellProduct(product) } : NO_SUCH_PRODUCT
    },
  }
}

/** The search syntax is held to it too; what it lets through all the same is nobody's to see. */
function isForSale({ status, publishedAt }: { status: string; publishedAt: string | null }): boolean {
  return status === 'ACTIVE' && publishedAt !== null
}

const Shown = {
  legacyResourceId: Type.String(),
  title: Type.String(),
  status: Type.String(),
  publishedAt: NullableText,
  onlineStoreUrl: NullableText,
}

const FoundProduct = Type.Object({
  ...Shown,
  tracksInventory: Type.Boolean(),
  totalInventory: Type.Number(),
  priceRangeV2: Type.Object({
    minVariantPrice: MoneyV2,
    maxVariantPrice: Type.Object({ amount: Type.String() }),
  }),
})

const FoundProducts = Type.Object({
  products: Type.Object({ nodes: Type.Array(FoundProduct), pageInfo: PageInfo }),
})

function tellFound(found: Static<typeof FoundProduct>) {
  const { minVariantPrice: from, maxVariantPrice: to } = found.priceRangeV2
  return {
    product: found.legacyResourceId,
    name: found.title,
    price_from: moneyOf(from.amount, from.currencyCode),
    price_to: moneyOf(to.amount, from.currencyCode),
    in_stock: !found.tracksInventory || found.totalInventory > 0,
    url: found.onlineStoreUrl,
  }
}

const Variant = Type.Object({
  sku: NullableText,
  price: Type.String(),
  compareAtPrice: NullableText,
  availableForSale: Type.Boolean(),
  inventoryQuantity: Type.Union([Type.Number(), Type.Null()]),
  inventoryItem: Type.Object({ tracked: Type.Boolean() }),
  selectedOptions: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
})

const Product = Type.Object({
  ...Shown,
  description: Type.String(),
  productType: Type.String(),
  vendor: Type.String(),
  priceRangeV2: Type.Object({ minVariantPrice: Type.Object({ currencyCode: Type.String() }) }),
  variants: Type.Object({ nodes: Type.Array(Variant), pageInfo: PageInfo }),
})

const OneProduct = Type.Object({ product: Type.Union([Product, Type.Null()]) })

function tellProduct(product: Static<typeof Product>) {
  const { currencyCode } = product.priceRangeV2.minVariantPrice
  return {
    product: product.legacyResourceId,
    name: product.title,
    description: product.description,
    type: product.productType,
    brand: product.vendor,
    url: product.onlineStoreUrl,
    variants: product.variants.nodes.map((variant) => tellVariant(variant, currencyCode)),
    ...nextOf(product.variants.pageInfo),
  }
}

/** Shopify gives a product without variants one that is called "Default Title". */
function tellVariant(variant: Static<typeof Variant>, currency: string) {
  const chosen = variant.selectedOptions.filter(({ value }) => value !== 'Default Title')
  return {
    options: Object.fromEntries(chosen.map(({ name, value }) => [name, value])),
    sku: variant.sku,
    price: moneyOf(variant.price, currency),
    price_before: moneyOf(variant.compareAtPrice, currency),
    can_be_bought: variant.availableForSale,
    quantity_left: variant.inventoryItem.tracked ? variant.inventoryQuantity : null,
  }
}
