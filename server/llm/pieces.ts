/** Characters of one piece: a group of words, as models send them. A longer word makes several pieces. */
const PIECE_LENGTH = 16

/** Cuts a text into groups of words that give it again when joined; never between the halves of a character. */
export function* pieces(text: string): Generator<string> {
  let piece = ''
  for (const word of text.match(/\s*\S{1,16}|\s+/gu) ?? []) {
    if (piece !== '' && piece.length + word.length > PIECE_LENGTH) {
      yield piece
      piece = ''
    }
    piece += word
  }
  if (piece !== '') yield piece
}
