import { createServer, type AddressInfo } from 'node:net'

/**
 * Makes sure that nobody has the port, and gives its number; 0 finds one that is free. Workers share a port in silence
 * with whoever shares it too. Rejects as node:net does.
 */
export function probePort({ host, port }: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    // Who came in this moment would keep it open.
    const probe = createServer((connection) => connection.destroy())
    probe.once('error', reject)
    probe.listen({ host, port, exclusive: true }, () => {
      const { port: found } = probe.address() as AddressInfo
      probe.close(() => resolve(found))
    })
  })
}
