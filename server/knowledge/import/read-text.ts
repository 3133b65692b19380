/** What was read of a file: its own title, empty where it has none, and its text. */
export interface ReadText {
  title: string
  /** Markdown, or plain text. */
  text: string
}
