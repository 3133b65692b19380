/** A parcel, and how to follow it. */
export interface Shipment {
  carrier: string | null
  number: string | null
  url: string | null
  shipped_at: string | null
}

/** Parcels of one order that are told. */
const SHIPMENTS = 5

/**
 * WooCommerce knows no parcels. Its extension Shipment Tracking does, and others that keep them in the same place: in
 * the order's `_wc_shipment_tracking_items`.
 */
export function shipmentsIn(metaData: readonly { key: string; value: unknown }[]): Shipment[] {
  const kept = metaData.find(({ key }) => key === '_wc_shipment_tracking_items')?.value
  const items: unknown[] = Array.isArray(kept) ? kept : []
  return items.slice(0, SHIPMENTS).map((item) => {
    const said = Object(item) as Record<string, unknown>
    const seconds = Number(said['date_shipped'])
    return {
      carrier: textOf(said['tracking_provider']) ?? textOf(said['custom_tracking_provider']),
      number: textOf(said['tracking_number']),
      url: textOf(said['custom_tracking_link']),
      shipped_at: seconds > 0 && seconds < 1e11 ? new Date(seconds * 1_000).toISOString() : null,
    }
  })
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, 300) : null
}
