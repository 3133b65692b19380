import { STATUS_CODES } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { HttpResponse } from 'uWebSockets.js'
import type { UwsExchange } from './uws-exchange.ts'

type Reader = ReadableStreamDefaultReader<Uint8Array>

/** Bytes that are collected before an answer goes out in pieces, and of one piece. */
const AT_ONCE = 64 * 1024

/**
 * Sends a response: in one write with its length when all of it is there, with the length it declares when it
 * streams, in chunks when it declares none. Never runs ahead of a reader that is slow. A body that fails midway, or
 * is shorter than declared, cuts the connection, since the status is out already.
 */
export async function sendResponse(exchange: UwsExchange, response: Response, method: string): Promise<void> {
  if (!exchange.isOpen()) return response.body?.cancel()
  if (method === 'HEAD' || response.body === null) {
    sendWithoutBody(exchange, response, method)
    return
  }
  const reader = response.body.getReader()
  const cancel = (): void => void reader.cancel().catch(() => undefined)
  exchange.abort.signal.addEventListener('abort', cancel)
  try {
    await sendBody(exchange, response, reader)
  } catch (error) {
    exchange.cut()
    throw error
  } finally {
    if (exchange.isOpen()) exchange.cut()
    exchange.abort.signal.removeEventListener('abort', cancel)
  }
}

/**
 * `endWithoutBody` is called without arguments: given a length it never finishes the answer, and the connection
 * serves no other. So the length of what HEAD asks about is written as any other header.
 */
function sendWithoutBody(exchange: UwsExchange, response: Response, method: string): void {
  const hasNone = method === 'HEAD' || response.status === 204 || response.status === 304
  const declared = method === 'HEAD' ? declaredLength(response) : undefined
  exchange.cork((res) => {
    writeHead(res, response)
    if (declared !== undefined) res.writeHeader('content-length', String(declared))
    if (hasNone) res.endWithoutBody()
    else res.end('', !exchange.bodyArrived)
  })
  exchange.finished()
}

async function sendBody(exchange: UwsExchange, response: Response, reader: Reader): Promise<void> {
  const { chunks, rest } = await readAtOnce(reader)
  if (!exchange.isOpen()) return
  if (rest === null) {
    exchange.cork((res) => {
      writeHead(res, response)
      res.end(Buffer.concat(chunks), !exchange.bodyArrived)
    })
    exchange.finished()
    return
  }
  const total = declaredLength(response)
  exchange.cork((res) => writeHead(res, response))
  const write = total === undefined ? writeChunk : writeOf(total)
  for await (const chunk of follow(chunks, rest, reader)) {
    if (exchange.isOpen()) await write(exchange, chunk)
    if (!exchange.isOpen()) return
  }
  if (total === undefined) {
    exchange.cork((res) => res.end(undefined, !exchange.bodyArrived))
    exchange.finished()
  }
}

/** Reads what can be had without waiting; `rest` is the read that would wait, null at the end of the body. */
async function readAtOnce(
  reader: Reader,
): Promise<{ chunks: Uint8Array[]; rest: ReturnType<Reader['read']> | null }> {
  const chunks: Uint8Array[] = []
  for (let size = 0; ;) {
    const rest = reader.read()
    const read = size > AT_ONCE ? undefined : await Promise.race([rest, nextTurn(undefined)])
    if (read === undefined) return { chunks, rest }
    if (read.done) return { chunks, rest: null }
    chunks.push(read.value)
    size += read.value.byteLength
  }
}

async function* follow(
  chunks: Uint8Array[],
  rest: ReturnType<Reader['read']>,
  reader: Reader,
): AsyncGenerator<Uint8Array> {
  yield* chunks
  for (let read = await rest; !read.done; read = await reader.read()) yield read.value
}

/** Piece by piece: uWebSockets.js keeps the whole of what it is given, however slow the reader. */
async function writeChunk(exchange: UwsExchange, chunk: Uint8Array): Promise<void> {
  for (let start = 0; start < chunk.byteLength && exchange.isOpen(); start += AT_ONCE) {
    const taken = exchange.cork((res) => res.write(chunk.subarray(start, start + AT_ONCE)))
    if (!taken) await exchange.writable()
  }
}

/** Writes a piece of a body whose length is declared: uWebSockets.js ends the answer at the last byte. */
function writeOf(total: number): (exchange: UwsExchange, chunk: Uint8Array) => Promise<void> {
  return async (exchange, chunk) => {
    for (let rest = chunk; exchange.isOpen();) {
      const before = exchange.res.getWriteOffset()
      const [taken, ended] = exchange.cork((res) => res.tryEnd(rest, total))
      if (ended) exchange.finished()
      if (ended || taken) return
      rest = rest.subarray(exchange.res.getWriteOffset() - before)
      await exchange.writable()
    }
  }
}

function writeHead(res: HttpResponse, response: Response): void {
  res.writeStatus(`${response.status} ${STATUS_CODES[response.status] ?? 'Unknown'}`)
  for (const [name, value] of response.headers) if (!OWN_HEADERS.has(name)) res.writeHeader(name, value)
}

/** uWebSockets.js writes these itself. */
const OWN_HEADERS = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'date'])

function declaredLength(response: Response): number | undefined {
  const declared = response.headers.get('content-length')
  return declared !== null && /^\d+$/.test(declared) ? Number(declared) : undefined
}
