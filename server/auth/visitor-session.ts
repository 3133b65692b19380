/** A visitor who has proved who it is. Everything a visitor may touch is found through this. */
export interface VisitorSession {
  id: string
  client_id: string
  visitor_id: string
  /** The client's own name for the visitor, where it gave one. */
  user_identifier: string | null
  /** Whether the client vouches that it is the visitor of that name. */
  proven: boolean
  /** BCP 47, as the visitor's browser said it. */
  locale: string | null
}
