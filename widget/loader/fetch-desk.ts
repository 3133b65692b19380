import type { DeskModule } from '../front.ts'

/** Where the build has put the desk, with its hash. The build knows it. */
declare const PARLOR_DESK: string

/**
 * The desk, or null where it does not come. By `import()`: pages whose policy wants nonces or trusted types, or knows our
 * origin alone, let it pass. A page that outlives a release asks for a file that is gone: the one without a hash is there,
 * and by another name each time, for browsers remember what they failed to import.
 */
export async function fetchDesk(origin: string, fails: number): Promise<DeskModule | null> {
  const lasting = `desk.js?${Date.now()}`
  for (const name of fails === 0 ? [PARLOR_DESK, lasting] : [lasting]) {
    const file = await (import(/* @vite-ignore */ `${origin}/${name}`) as Promise<DeskModule>).catch(
      () => null,
    )
    if (file) return file
  }
  return null
}
