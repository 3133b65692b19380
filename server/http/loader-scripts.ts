import { LRUCache } from 'lru-cache'
import { readableOn } from '../../protocol/contrast.ts'
import type { Given, Look } from '../../protocol/look.ts'
import type { Branding } from '../../protocol/rest.ts'
import { scriptJson } from './script-json.ts'
import { packFile, type StaticFile } from './static-files.ts'

/** Scripts kept at most, of about 20 KB each with their compressed forms. */
const KEPT = 500

/** The loader with what it is given inside. */
export interface LoaderScripts {
  bring(loader: StaticFile, given: Given): Promise<StaticFile>
}

/** Makes and compresses each script once. */
export function createLoaderScripts(): LoaderScripts {
  const kept = new LRUCache<string, Promise<StaticFile>>({ max: KEPT })
  return {
    bring(loader, given) {
      const json = scriptJson(given)
      const name = loader.etag + json
      const found = kept.get(name)
      if (found !== undefined) return found
      const made = packFile(Buffer.concat([HEAD, loader.body, Buffer.from(`\n})(${json});\n`)]), loader.type)
      kept.set(name, made)
      return made
    },
  }
}

/** A parameter and no variable: a page has no global of ours but `Parlor`. Its name is known to widget/loader/settings.ts. */
const HEAD = Buffer.from('(function(PARLOR_GIVEN){')

/** What the launcher wears. */
export function lookOf({ color, agent_name, position }: Branding): Look {
  return { color, on_color: readableOn(color) ?? '#ffffff', name: agent_name, position }
}
