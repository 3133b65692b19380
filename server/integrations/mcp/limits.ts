/** What a server may take of us. Milliseconds and bytes. */
export interface McpLimits {
  /** One request of a listing, or of the handshake before it. */
  ask: number
  /** A call, with the handshake before it. */
  call: number
  /** The body of an answer to a call, and of a page of a listing. */
  callBytes: number
  pageBytes: number
  /** Pages of a listing, and tools in all of them. */
  pages: number
  tools: number
  /** Requests of the server's that are answered within one of ours; it has no business to make any. */
  answers: number
}

export const MCP_LIMITS: McpLimits = {
  ask: 10_000,
  call: 30_000,
  callBytes: 256 * 1024,
  pageBytes: 1024 * 1024,
  pages: 8,
  tools: 128,
  answers: 4,
}
