import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'

export interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  body: string
}

export interface Ask {
  method?: string
  headers?: http.OutgoingHttpHeaders
  body?: string | Buffer
  agent?: http.Agent
}

/** One request by node:http, whose path is sent as it is. A stream of events is left when it has begun. */
export async function ask(port: number, path: string, settings: Ask = {}): Promise<Answer> {
  const request = http.request({ host: '127.0.0.1', port, path, ...settings, setHost: true })
  request.end(settings.body)
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  const { statusCode: status = 0, headers } = response
  if (headers['content-type'] === 'text/event-stream') {
    request.destroy()
    return { status, headers, body: '' }
  }
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return { status, headers, body: Buffer.concat(chunks).toString() }
}

/** Writes bytes as they are, and reads until `enough` or the other side closes. */
export async function converse(
  port: number,
  bytes: string,
  enough: (text: string) => boolean,
): Promise<string> {
  const socket = net.connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  let received = ''
  socket.setEncoding('latin1')
  const done = new Promise<void>((resolve) => {
    socket.on('data', (text: string) => {
      received += text
      if (enough(received)) resolve()
    })
    socket.once('close', () => resolve())
  })
  socket.write(bytes)
  await done
  socket.destroy()
  return received
}
