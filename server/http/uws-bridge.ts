import type { Logger } from 'pino'
import type { HttpRequest, HttpResponse } from 'uWebSockets.js'
import type { Fetch } from './fetch.ts'
import { plainProblem } from './problem.ts'
import { UwsExchange } from './uws-exchange.ts'
import { readRequest } from './uws-request.ts'
import { sendResponse } from './uws-response.ts'

/** Serves the Fetch API on uWebSockets.js: a handler for `app.any('/*')`. It never throws and never rejects. */
export function bridgeToUws(fetch: Fetch, log: Logger): (res: HttpResponse, req: HttpRequest) => void {
  return (res, req) => {
    const exchange = new UwsExchange(res)
    const address = Buffer.from(res.getRemoteAddressAsText()).toString()
    const method = req.getCaseSensitiveMethod().toUpperCase()
    const request = readRequest(req, exchange)
    const peer = { address, hangUp: () => exchange.hangUp() }
    void answer(exchange, method, () =>
      request === null ? plainProblem('invalid_payload') : fetch(request, peer),
    ).catch((error: unknown) => {
      if (!exchange.abort.signal.aborted) log.warn({ err: error }, 'an answer broke off')
    })
  }

  async function answer(
    exchange: UwsExchange,
    method: string,
    respond: () => ReturnType<Fetch>,
  ): Promise<void> {
    let response: Response
    try {
      response = await respond()
    } catch (error) {
      if (!exchange.abort.signal.aborted) log.error({ err: error }, 'a request could not be answered')
      response = plainProblem('internal')
    }
    await sendResponse(exchange, response, method)
  }
}
