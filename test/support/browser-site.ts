import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A business's own web site, as far as browsers are concerned: other host name, other port, other site. */
export interface HostSite {
  /** With the host name `localhost`, where servers under test are `127.0.0.1`. */
  url: string
  /** The paths of every request that came, with their queries. */
  readonly asked: string[]
  /** Serves this page from now on. Returns its address. */
  put(path: string, page: HostPage): string
  close(): Promise<void>
}

export interface HostPage {
  html: string
  headers?: Record<string, string>
}

export async function startHostSite(): Promise<HostSite> {
  // Browsers ask for an icon by themselves, and complain when there is none.
  const pages = new Map<string, HostPage>([['/favicon.ico', { html: '' }]])
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    asked.push(path)
    const page = pages.get(path)
    const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }
    response.writeHead(page ? 200 : 404, { ...headers, ...page?.headers }).end(page?.html)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  return {
    url,
    asked,
    put(path, page) {
      pages.set(path, page)
      return url + path
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export interface TagSettings {
  key?: string
  /** Further attributes, as they are written. */
  attributes?: string
}

/** The one line that a business pastes into its pages. */
export function scriptTag(server: string, { key = 'pk_demo', attributes = '' }: TagSettings = {}): string {
  return `<script src="${server}/widget.js" data-client-key="${key}" ${attributes} async></script>`
}

/** A page of a shop, with whatever belongs into its head and its body. */
export function shopPage(head: string, body = '<h1>Blue Bakery</h1><p>Bread since 1912.</p>'): string {
  return [
    '<!doctype html><html><head><meta charset="utf-8"><title>Blue Bakery</title>',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `${head}</head><body>${body}</body></html>`,
  ].join('\n')
}
