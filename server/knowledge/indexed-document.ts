import { setImmediate } from 'node:timers/promises'
import type { ReadyDocument } from './document.ts'
import { indexText, type IndexText } from './terms.ts'

/** A document with the terms by which each of its passages is found. */
export interface IndexedDocument extends ReadyDocument {
  terms: { title: IndexText; content: IndexText }[]
}

/** Passages whose terms are made without a pause. */
const PASSAGES_AT_ONCE = 25

/** Whoever else runs in this process gets its turn in between: a large document takes a second. */
export async function indexDocument(document: ReadyDocument): Promise<IndexedDocument> {
  const terms: IndexedDocument['terms'] = []
  for (const { title, content } of document.passages) {
    terms.push({ title: indexText(title), content: indexText(content) })
    if (terms.length % PASSAGES_AT_ONCE === 0) await setImmediate()
  }
  return { ...document, terms }
}

/** SQL that keeps the passages of the row `document` of client $1: their values are `passageValues`, from $6 on. */
export const INSERT_PASSAGES = `
    INSERT INTO knowledge_chunks (client_id, document_id, position, title, content, terms)
    SELECT $1, document.id, passage.position, passage.title, passage.content,
      setweight(to_tsvector('english', passage.title_english), 'A') ||
      setweight(to_tsvector('simple', passage.title_simple), 'A') ||
      setweight(to_tsvector('english', passage.english), 'B') ||
      setweight(to_tsvector('simple', passage.simple), 'B')
    FROM document, unnest($6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
      WITH ORDINALITY AS passage(title, content, title_english, title_simple, english, simple, position)`

export function passageValues({ passages, terms }: IndexedDocument): string[][] {
  return [
    passages.map((passage) => passage.title),
    passages.map((passage) => passage.content),
    terms.map((term) => term.title.english),
    terms.map((term) => term.title.simple),
    terms.map((term) => term.content.english),
    terms.map((term) => term.content.simple),
  ]
}
