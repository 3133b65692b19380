/** What the wire carries at most. Both ends read this table; per-plan limits live with the plans. */
export const WIRE_LIMITS = {
  /** Characters (code points) of one visitor's or agent's message. */
  text: 4_000,
  /** Characters of the id a client gives its own message. */
  clientMessageId: 64,
  /** Messages in one page of history, and the number sent when no limit is asked. */
  historyPage: 100,
  historyDefault: 50,
  /** Characters of why a visitor wants a person. */
  handoffReason: 500,
  /** Conversations in one page of the inbox, and the number sent when no limit is asked. */
  inboxPage: 100,
  inboxDefault: 50,
  /** Bytes of one frame or request body. */
  payload: 32 * 1024,
} as const

/** What a person of the business signs in with: characters at least and at most. */
export const SIGN_IN_LIMITS = {
  email: 254,
  /** NIST SP 800-63B asks for no kinds of characters, only for length. */
  password: { least: 12, most: 200 },
} as const

/**
 * How much one visitor and one address may do; a client's part is its plan's. `RATE_LIMITS=off` lifts the rates for
 * load tests.
 */
export const RATES = {
  /** Messages of one visitor. */
  visitorMessages: { most: 10, per: 'minute' },
  /** How often one visitor asks for a person. */
  visitorHandoffs: { most: 6, per: 'minute' },
  /** How often one visitor leaves an e-mail address, rates, and tells attributes. */
  visitorContacts: { most: 6, per: 'minute' },
  visitorRatings: { most: 6, per: 'minute' },
  visitorAttributes: { most: 20, per: 'minute' },
  /** Messages from one address, by all its visitors. By the hour too: a new session is quickly made. */
  addressMessages: { most: 60, per: 'minute' },
  addressMessagesHourly: { most: 600, per: 'hour' },
  /** Sessions started from one address. */
  addressSessions: { most: 30, per: 'minute' },
  /** Secret keys tried from one address that are not known to be right. */
  addressWrongKeys: { most: 30, per: 'minute' },
  /** Passwords that people of the business try from one address, and from one browser that they have signed in from. */
  addressSignIns: { most: 20, per: 'minute' },
  addressSignInsHourly: { most: 100, per: 'hour' },
  deviceSignIns: { most: 10, per: 'hour' },
  /** Results that workflows bring late: to one conversation, so that no workflow and model keep each other going; of one client. */
  conversationCallbacks: { most: 20, per: 'hour' },
  clientCallbacks: { most: 300, per: 'minute' },
  /** Such requests from one address, whoever signed them. */
  addressCallbacks: { most: 600, per: 'minute' },
  /** Messages that one person says in test chats. */
  personTests: { most: 30, per: 'minute' },
  /** Documents that one client’s servers import. */
  clientDocuments: { most: 60, per: 'minute' },
  /** Exports of conversations that one person of the business asks for. */
  adminExports: { most: 10, per: 'minute' },
  /** Sockets open at once from one address. */
  addressSockets: 20,
  /** Sockets open at once of one person of the business, and conversations that each of them watches. */
  adminSockets: 20,
  watchedConversations: 50,
  /** Streams of events open at once from one address. */
  addressStreams: 20,
  /** Requests about sessions from one address, over HTTP. */
  addressRequests: { most: 600, per: 'minute' },
  /** Requests of any kind on one socket: a bucket of `burst`, refilled at `perSecond`. */
  socketRequests: { perSecond: 20, burst: 60 },
} as const
