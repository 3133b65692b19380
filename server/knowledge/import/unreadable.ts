/** A file of which no text can be made; the message is for whoever sent it. Refused as `document_unreadable`. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
}
