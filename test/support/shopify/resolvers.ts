import { searchMatches } from './search-syntax.ts'
import type { ShopOrder, ShopProduct, ShopRecords } from './records.ts'

/** Answers fields as the Admin API does, out of what a shop has. */
export function rootOf(shop: ShopRecords, scopes: readonly string[]) {
  return {
    products: ({ query, ...page }: Page & { query?: string }) =>
      pageOf(
        shop.products.filter((one) => searchMatches(query ?? '', matcherOf(one))).map(showProduct),
        page,
      ),
    product: ({ id }: { id: string }) => {
      const found = shop.products.find((one) => `gid://shopify/Product/${one.id}` === id)
      return found ? showProduct(found) : null
    },
    customerByIdentifier: ({ identifier }: { identifier: { id?: string; emailAddress?: string } }) => {
      const found = shop.customers.find(
        ({ id, email }) =>
          identifier.id === `gid://shopify/Customer/${id}` || identifier.emailAddress === email,
      )
      return found
        ? { id: found.id, orders: (asked: Page & { query?: string }) => ordersOf(found.orders, asked) }
        : null
    },
    shop: {
      name: 'Acme Outfitters',
      currencyCode: 'ILS',
      shopPolicies: shop.policies.map((policy, index) => ({
        ...policy,
        id: `gid://shopify/ShopPolicy/${index}`,
        url: `https://checkout.shopify.com/1/policies/${index}.html`,
        updatedAt: '2026-03-01',
      })),
    },
    currentAppInstallation: { accessScopes: scopes.map((handle) => ({ handle, description: '' })) },
  }
}

interface Page {
  first?: number
  after?: string | null
}

/** Cursors are of Shopify alone. One that it did not give is an error. */
function pageOf<Node>(nodes: Node[], { first, after }: Page) {
  if (first === undefined) throw new Error('you must provide one of first or last')
  const start =
    after == null ? 0 : Number(/^cursor-(\d+)$/.exec(Buffer.from(after, 'base64').toString())?.[1])
  if (Number.isNaN(start)) throw new Error('Invalid cursor for current pagination sort.')
  const shown = nodes.slice(start, start + first)
  const end = start + shown.length
  return {
    nodes: shown,
    pageInfo: {
      hasNextPage: end < nodes.length,
      hasPreviousPage: start > 0,
      startCursor: null,
      endCursor: shown.length > 0 ? Buffer.from(`cursor-${end}`).toString('base64') : null,
    },
  }
}

function matcherOf(product: ShopProduct) {
  const text = [product.title, product.description, ...product.variants.map(({ sku }) => sku ?? '')].join(' ')
  return (field: string | null, value: string): boolean => {
    if (field === 'status') return product.status.toLowerCase() === value.toLowerCase()
    if (field === 'published_status')
      return value === 'any' || (product.publishedAt !== null) === (value === 'published')
    return field === null && text.toLowerCase().includes(value.toLowerCase())
  }
}

function showProduct(product: ShopProduct) {
  const prices = product.variants.map(({ price }) => Number(price)).sort((a, b) => a - b)
  const money = (amount: number | undefined) => ({ amount: decimal(amount ?? 0), currencyCode: 'ILS' })
  const variants = product.variants.map(({ quantity, tracked, options, ...variant }) => ({
    ...variant,
    availableForSale: !tracked || quantity > 0,
    inventoryQuantity: quantity,
    inventoryItem: { tracked },
    selectedOptions: options.map(([name, value]) => ({ name, value })),
  }))
  return {
    ...product,
    legacyResourceId: product.id,
    description: ({ truncateAt }: { truncateAt?: number }) => product.description.slice(0, truncateAt),
    onlineStoreUrl: product.publishedAt === null ? null : `https://acme.example/products/${product.id}`,
    productType: 'Camping',
    vendor: 'Acme',
    tracksInventory: product.variants.some(({ tracked }) => tracked),
    totalInventory: product.variants.reduce((sum, { quantity }) => sum + quantity, 0),
    priceRangeV2: { minVariantPrice: money(prices[0]), maxVariantPrice: money(prices.at(-1)) },
    variants: (page: Page) => pageOf(variants, page),
  }
}

/** Shopify finds a name with and without its `#`, and words of it. */
function ordersOf(orders: ShopOrder[], { query, ...page }: Page & { query?: string }) {
  const found = orders.filter(({ name }) =>
    query === undefined
      ? true
      : searchMatches(
          query,
          (field, value) => field === 'name' && name.toLowerCase().includes(value.toLowerCase()),
        ),
  )
  return pageOf(found.map(showOrder), page)
}

function showOrder({ total, currency, items, shipped, ...order }: ShopOrder) {
  const money = { amount: total, currencyCode: currency }
  const lines = items.map((item) => ({ ...item, currentQuantity: item.quantity }))
  const sent = shipped && {
    status: 'SUCCESS',
    displayStatus: shipped.state,
    createdAt: shipped.at,
    estimatedDeliveryAt: null,
    deliveredAt: null,
    trackingInfo: [{ company: shipped.company, number: shipped.number, url: shipped.url }],
  }
  return {
    ...order,
    cancelledAt: null,
    displayFinancialStatus: order.financial,
    displayFulfillmentStatus: order.fulfillment,
    currentTotalPriceSet: { presentmentMoney: money, shopMoney: money },
    lineItems: (page: Page) => pageOf(lines, page),
    fulfillments: sent ? [sent] : [],
  }
}

/** As Ruby writes a decimal. */
function decimal(amount: number): string {
  return Number.isInteger(amount) ? amount.toFixed(1) : String(amount)
}
