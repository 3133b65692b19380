import type { IntegrationType } from '../../models/client-integration.ts'
import { createCustomApi } from './custom-api/index.ts'
import { createDatabaseKind } from './database/index.ts'
import type { IntegrationKind, KindParts } from './kind.ts'
import { createShopify } from './shopify/index.ts'
import { createWooCommerce } from './woocommerce/index.ts'

/** Kinds of systems, by the type that an integration names. */
export type Kinds = ReadonlyMap<IntegrationType, IntegrationKind>

/** Makes every kind of system that clients can connect. */
export function createKinds(parts: KindParts): Kinds {
  return kindsOf([
    createShopify(parts),
    createWooCommerce(parts),
    createCustomApi(parts),
    createDatabaseKind(parts),
  ])
}

export function kindsOf(kinds: readonly IntegrationKind[]): Kinds {
  return new Map(kinds.map((kind) => [kind.type, kind]))
}
