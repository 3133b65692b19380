import { Counter, Gauge, type Registry } from 'prom-client'

/** A gauge that is read when it is asked for, so that nothing is counted on the way of a message. */
export function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    ...{ name, help, registers: [registry] },
    collect() {
      this.set(read())
    },
  })
}

/** A counter that somebody else counts. `name` ends in `_total`. */
export function counter(registry: Registry, name: string, help: string, read: () => number): void {
  new Counter({
    ...{ name, help, registers: [registry] },
    collect() {
      this.reset()
      this.inc(read())
    },
  })
}
