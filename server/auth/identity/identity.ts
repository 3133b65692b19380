/** Who a visitor is, as its client's server vouches. */
export interface Identity {
  /** The client's own name for the visitor. */
  user_id: string
  name: string | null
  email: string | null
  attributes: Record<string, string | number | boolean>
}

/**
 * Finds or makes the visitor, and notes what is told of it: $1 client, then those of `visitorValues` from $2 on. Who
 * has proved to be somebody and who only claims to are two.
 */
export const UPSERT_VISITOR = `
  INSERT INTO visitors (client_id, user_identifier, proven, name, email, attributes, locale)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (client_id, user_identifier, proven) WHERE user_identifier IS NOT NULL
  DO UPDATE SET
    last_seen_at = now(),
    name = coalesce(excluded.name, visitors.name),
    email = coalesce(excluded.email, visitors.email),
    attributes = visitors.attributes || excluded.attributes
  RETURNING id`

/** The values of `UPSERT_VISITOR` after the client: of who has proved an identity, or claims an id, or neither. */
export function visitorValues(who: Identity | { claims: string | null }, locale: string | null): unknown[] {
  if ('claims' in who) return [who.claims, false, null, null, {}, locale]
  return [who.user_id, true, who.name, who.email, who.attributes, locale]
}
