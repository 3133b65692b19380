/** What the stand-in's shop sells and has sold. Amounts come as Shopify writes them: without zeros at the end. */
export interface ShopRecords {
  products: ShopProduct[]
  customers: ShopCustomer[]
  policies: { type: string; title: string; body: string }[]
}

export interface ShopProduct {
  id: string
  title: string
  status: 'ACTIVE' | 'DRAFT'
  publishedAt: string | null
  description: string
  variants: {
    sku: string | null
    price: string
    compareAtPrice: string | null
    quantity: number
    tracked: boolean
    options: [name: string, value: string][]
  }[]
}

export interface ShopCustomer {
  id: string
  email: string
  orders: ShopOrder[]
}

export interface ShopOrder {
  name: string
  processedAt: string
  financial: string
  fulfillment: string
  total: string
  currency: string
  items: { title: string; variantTitle: string | null; quantity: number }[]
  shipped: { state: string; at: string; company: string; number: string; url: string } | null
}

export function oneProduct(changes: Partial<ShopProduct> & { id: string; title: string }): ShopProduct {
  return {
    status: 'ACTIVE',
    publishedAt: '2026-01-05T08:00:00Z',
    description: 'Made for long walks.',
    variants: [
      {
        sku: null,
        price: '19.9',
        compareAtPrice: null,
        quantity: 3,
        tracked: true,
        options: [['Title', 'Default Title']],
      },
    ],
    ...changes,
  }
}

export function oneOrder(changes: Partial<ShopOrder> & { name: string }): ShopOrder {
  return {
    processedAt: '2026-11-02T08:15:00Z',
    financial: 'PAID',
    fulfillment: 'UNFULFILLED',
    total: '149.0',
    currency: 'ILS',
    items: [{ title: 'Tent', variantTitle: 'Green', quantity: 1 }],
    shipped: null,
    ...changes,
  }
}
