/** What the launcher needs of a client's branding: `widget.js?key=` brings it along, and the chat tells it anew. */
export interface Look {
  /** `#rrggbb`. */
  color: string
  /** Of text and drawings on that colour. */
  on_color: string
  name: string
  position: 'left' | 'right'
}

/** What `widget.js?key=` brings along: with it the script needs no tag that says whose it is. */
export interface Given {
  /** Where browsers reach the server; null where only the script's address says so. */
  origin: string | null
  client_key: string
  look: Look
}
