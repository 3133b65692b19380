import { fail } from '../answer.ts'
import { conditional } from '../conditional.ts'
import { DOCS_PAGE, DOCS_POLICY } from '../docs-page.ts'
import type { Handler } from '../http-env.ts'
import type { StaticFiles } from '../static-files.ts'
import { NOT_BUILT, sendFile } from './public-files.ts'

/** A document that programs read: public, for any page, asked about again at each reading. */
export function document(made: object): Handler {
  const body = Buffer.from(JSON.stringify(made))
  return (c) => {
    c.set('shared', true)
    c.header('access-control-allow-origin', '*')
    return conditional(c, { body, type: 'application/json', cacheControl: 'no-cache' })
  }
}

/** The page on which people read the API's document. */
export const docs: Handler = (c) => {
  c.header('content-security-policy', DOCS_POLICY)
  const body = Buffer.from(DOCS_PAGE)
  return conditional(c, { body, type: 'text/html; charset=utf-8', cacheControl: 'no-cache' })
}

/** What that page runs. */
export function docsScript(files: StaticFiles): Handler {
  return async (c) => {
    const file = await files.find('docs/scalar.js')
    return file === null ? fail(c, 'unavailable', NOT_BUILT) : sendFile(c, file, 'no-cache')
  }
}
