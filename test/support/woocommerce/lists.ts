import type { WooOrder, WooProduct } from './records.ts'

/** The words of WordPress' `s`: quoted phrases, and `-word` for what must not be there. */
export function wordsMatch(search: string, text: string): boolean {
  const words = [...search.matchAll(/-?"[^"]*"|\S+/g)].map(([word]) => word)
  return words.every((word) => {
    const not = word.startsWith('-')
    const wanted = word.replace(/^-/, '').replaceAll('"', '').toLowerCase()
    return text.toLowerCase().includes(wanted) !== not
  })
}

export function productsMatching(products: readonly WooProduct[], query: URLSearchParams): WooProduct[] {
  const [search, sku, status] = [query.get('search'), query.get('sku'), query.get('status') ?? 'any']
  return products.filter(
    (one) =>
      (status === 'any' || one.status === status) &&
      (sku === null || sku.split(',').includes(one.sku)) &&
      (search === null || wordsMatch(search, `${one.name} ${one.description} ${one.short_description}`)),
  )
}

/** Finds by id, by what addresses hold, and by numbers that a plugin gave. */
export function ordersMatching(orders: readonly WooOrder[], query: URLSearchParams): WooOrder[] {
  const [search, customer, include] = [query.get('search'), query.get('customer'), query.get('include')]
  return orders.filter(
    (one) =>
      (customer === null || String(one.customer_id) === customer) &&
      (include === null || include.split(',').includes(String(one.id))) &&
      (search === null ||
        String(one.id) === search ||
        [...Object.values(one.billing), one.number].join(' ').toLowerCase().includes(search.toLowerCase())),
  )
}
