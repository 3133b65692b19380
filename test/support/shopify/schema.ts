import { buildSchema } from 'graphql'

/**
 * What Shopify's documentation says of the part of its Admin API that is asked here, version 2026-10, with a few fields
 * beside it that nobody should ask for.
 */
export const ADMIN_SCHEMA = buildSchema(`
  scalar Date
  scalar DateTime
  scalar Decimal
  scalar HTML
  scalar Money
  scalar UnsignedInt64
  scalar URL
  enum CurrencyCode { ILS USD JPY KWD }
  enum ProductStatus { ACTIVE ARCHIVED DRAFT UNLISTED }
  enum ProductSortKeys { CREATED_AT ID INVENTORY_TOTAL PRODUCT_TYPE PUBLISHED_AT RELEVANCE TITLE UPDATED_AT VENDOR }
  enum OrderSortKeys { CREATED_AT CUSTOMER_NAME ID ORDER_NUMBER PROCESSED_AT RELEVANCE TOTAL_PRICE UPDATED_AT }
  enum OrderDisplayFinancialStatus { AUTHORIZED EXPIRED PAID PARTIALLY_PAID PARTIALLY_REFUNDED PENDING REFUNDED VOIDED }
  enum OrderDisplayFulfillmentStatus {
    FULFILLED FULFILLMENT_NOT_REQUIRED IN_PROGRESS ON_HOLD OPEN PARTIALLY_FULFILLED PENDING_FULFILLMENT
    REQUEST_DECLINED RESTOCKED SCHEDULED UNFULFILLED
  }
  enum FulfillmentStatus { CANCELLED ERROR FAILURE OPEN PENDING SUCCESS }
  enum FulfillmentDisplayStatus {
    ATTEMPTED_DELIVERY CANCELED CONFIRMED DELAYED DELIVERED FAILURE FULFILLED IN_TRANSIT LABEL_PRINTED LABEL_PURCHASED
    LABEL_VOIDED MARKED_AS_FULFILLED NOT_DELIVERED OUT_FOR_DELIVERY PICKED_UP READY_FOR_PICKUP SUBMITTED
  }
  enum ShopPolicyType {
    CONTACT_INFORMATION LEGAL_NOTICE PRIVACY_POLICY REFUND_POLICY SHIPPING_POLICY SUBSCRIPTION_POLICY TERMS_OF_SALE
    TERMS_OF_SERVICE
  }
  input CustomerIdentifierInput { id: ID emailAddress: String phoneNumber: String }
  type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
  type MoneyV2 { amount: Decimal! currencyCode: CurrencyCode! }
  type MoneyBag { presentmentMoney: MoneyV2! shopMoney: MoneyV2! }

  type Product {
    id: ID!
    legacyResourceId: UnsignedInt64!
    title: String!
    handle: String!
    status: ProductStatus!
    publishedAt: DateTime
    description(truncateAt: Int): String!
    onlineStoreUrl: URL
    productType: String!
    vendor: String!
    tracksInventory: Boolean!
    totalInventory: Int!
    priceRangeV2: ProductPriceRangeV2!
    variants(first: Int, after: String, last: Int, before: String, reverse: Boolean): ProductVariantConnection!
  }
  type ProductPriceRangeV2 { minVariantPrice: MoneyV2! maxVariantPrice: MoneyV2! }
  type ProductConnection { nodes: [Product!]! pageInfo: PageInfo! }
  type ProductVariantConnection { nodes: [ProductVariant!]! pageInfo: PageInfo! }
  type ProductVariant {
    id: ID!
    title: String!
    sku: String
    price: Money!
    compareAtPrice: Money
    availableForSale: Boolean!
    inventoryQuantity: Int
    inventoryItem: InventoryItem!
    selectedOptions: [SelectedOption!]!
  }
  type InventoryItem { tracked: Boolean! unitCost: MoneyV2 }
  type SelectedOption { name: String! value: String! }

  type Customer {
    id: ID!
    firstName: String
    orders(
      first: Int, after: String, last: Int, before: String, reverse: Boolean, sortKey: OrderSortKeys, query: String
    ): OrderConnection!
  }
  type OrderConnection { nodes: [Order!]! pageInfo: PageInfo! }
  type Order {
    id: ID!
    name: String!
    email: String
    note: String
    processedAt: DateTime!
    cancelledAt: DateTime
    displayFinancialStatus: OrderDisplayFinancialStatus
    displayFulfillmentStatus: OrderDisplayFulfillmentStatus!
    currentTotalPriceSet: MoneyBag!
    lineItems(first: Int, after: String, last: Int, before: String, reverse: Boolean): LineItemConnection!
    fulfillments(first: Int): [Fulfillment!]!
    statusPageUrl: URL!
  }
  type LineItemConnection { nodes: [LineItem!]! pageInfo: PageInfo! }
  type LineItem { title: String! variantTitle: String quantity: Int! currentQuantity: Int! }
  type Fulfillment {
    status: FulfillmentStatus!
    displayStatus: FulfillmentDisplayStatus
    createdAt: DateTime!
    estimatedDeliveryAt: DateTime
    deliveredAt: DateTime
    trackingInfo(first: Int): [FulfillmentTrackingInfo!]!
  }
  type FulfillmentTrackingInfo { company: String number: String url: URL }

  type Shop { name: String! currencyCode: CurrencyCode! shopPolicies: [ShopPolicy!]! }
  type ShopPolicy { id: ID! type: ShopPolicyType! title: String! body: HTML! url: URL! updatedAt: Date! }
  type AppInstallation { accessScopes: [AccessScope!]! }
  type AccessScope { handle: String! description: String! }

  type Query {
    products(
      first: Int, after: String, last: Int, before: String, reverse: Boolean, sortKey: ProductSortKeys, query: String
    ): ProductConnection!
    product(id: ID!): Product
    customerByIdentifier(identifier: CustomerIdentifierInput!): Customer
    shop: Shop!
    currentAppInstallation: AppInstallation!
  }
`)

/** Fields that need a scope, by type and name. */
export const SCOPES: Record<string, string> = {
  'Query.products': 'read_products',
  'Query.product': 'read_products',
  'Query.customerByIdentifier': 'read_customers',
  'Customer.orders': 'read_orders',
  'Shop.shopPolicies': 'read_legal_policies',
}
