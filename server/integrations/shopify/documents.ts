/** Products that everybody may see, by Shopify's search syntax. */
export const FOR_SALE = 'status:active AND published_status:published'

export const SEARCH_PRODUCTS = `
  query SearchProducts($query: String!, $first: Int!, $after: String) {
    products(first: $first, after: $after, query: $query, sortKey: RELEVANCE) {
      nodes {
        legacyResourceId
        title
        status
        publishedAt
        onlineStoreUrl
        tracksInventory
        totalInventory
        priceRangeV2 {
          minVariantPrice { amount currencyCode }
          maxVariantPrice { amount }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }`

export const GET_PRODUCT = `
  query GetProduct($id: ID!, $first: Int!, $after: String) {
    product(id: $id) {
      legacyResourceId
      title
      status
      publishedAt
      description(truncateAt: 1200)
      onlineStoreUrl
      productType
      vendor
      priceRangeV2 { minVariantPrice { currencyCode } }
      variants(first: $first, after: $after) {
        nodes {
          sku
          price
          compareAtPrice
          availableForSale
          inventoryQuantity
          inventoryItem { tracked }
          selectedOptions { name value }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`

/** Orders are reached through their customer, so there is no way to another one's. */
export const LIST_ORDERS = `
  query ListOrders($customer: CustomerIdentifierInput!, $first: Int!, $after: String) {
    customerByIdentifier(identifier: $customer) {
      orders(first: $first, after: $after, sortKey: PROCESSED_AT, reverse: true) {
        nodes {
          name
          processedAt
          cancelledAt
          displayFinancialStatus
          displayFulfillmentStatus
          currentTotalPriceSet { presentmentMoney { amount currencyCode } }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`

export const GET_ORDER = `
  query GetOrder($customer: CustomerIdentifierInput!, $query: String!) {
    customerByIdentifier(identifier: $customer) {
      orders(first: 3, query: $query) {
        nodes {
          name
          processedAt
          cancelledAt
          displayFinancialStatus
          displayFulfillmentStatus
          currentTotalPriceSet { presentmentMoney { amount currencyCode } }
          lineItems(first: 20) {
            nodes { title variantTitle currentQuantity }
            pageInfo { hasNextPage }
          }
          fulfillments(first: 5) {
            status
            displayStatus
            createdAt
            estimatedDeliveryAt
            deliveredAt
            trackingInfo(first: 3) { company number url }
          }
        }
      }
    }
  }`

export const GET_POLICIES = `
  query GetPolicies {
    shop { shopPolicies { type title body url updatedAt } }
  }`

export const TEST_CONNECTION = `
  query TestConnection {
    shop { name }
    currentAppInstallation { accessScopes { handle } }
  }`
