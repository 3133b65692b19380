import { Histogram, type Registry } from 'prom-client'

/** Counts an answer; `route` is null where there is none. */
export type HttpMeter = (answered: Answered) => void

interface Answered {
  method: string
  route: string | null
  status: number
  durationMs: number
}

/** Anybody may send any word as a method; those beyond are one. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Bounds that OpenTelemetry asks for. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/**
 * Counts requests for Prometheus, by OpenTelemetry's names. A stream counts until it begins.
 * https://opentelemetry.io/docs/specs/semconv/http/http-metrics/
 */
export function createHttpMeter(registry: Registry): HttpMeter {
  const duration = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time until a request was answered.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets: SECONDS,
    registers: [registry],
  })
  return ({ method, route, status, durationMs }) =>
    duration.observe(
      {
        http_request_method: METHODS.has(method) ? method : '_OTHER',
        http_route: route ?? '',
        http_response_status_code: status,
      },
      durationMs / 1_000,
    )
}
