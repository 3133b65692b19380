import { brandColours } from '../../protocol/brand-colours.ts'
import type { FrameConfig } from '../../protocol/frame-config.ts'
import type { WidgetConfig } from '../../protocol/rest.ts'
import { scriptJson } from './script-json.ts'

/** The files of the frame, by their public paths. */
export interface FrameAssets {
  script: string
  styles: string[]
  /** Modules that the script imports. */
  preloads: string[]
}

/** One entry of Vite's manifest, as far as it is used. https://vite.dev/guide/backend-integration */
interface Chunk {
  file: string
  css?: string[]
  imports?: string[]
}

/** Where Vite's manifest knows the frame by. */
const ENTRY = 'widget/frame/main.ts'

/** Null when the manifest does not have the frame. */
export function frameAssets(manifestJson: string): FrameAssets | null {
  const manifest = JSON.parse(manifestJson) as Record<string, Chunk>
  const entry = manifest[ENTRY]
  if (entry === undefined) return null
  const chunks = withImports(manifest, ENTRY)
  return {
    script: `/${entry.file}`,
    styles: [...new Set(chunks.flatMap((chunk) => chunk.css ?? []))].map((file) => `/${file}`),
    preloads: chunks.slice(1).map((chunk) => `/${chunk.file}`),
  }
}

function withImports(manifest: Record<string, Chunk>, name: string, seen = new Set<string>()): Chunk[] {
  const chunk = manifest[name]
  if (chunk === undefined || seen.has(name)) return []
  seen.add(name)
  return [chunk, ...(chunk.imports ?? []).flatMap((imported) => withImports(manifest, imported, seen))]
}

/** The page: everything it needs is named, nothing runs inline. */
export function framePage(config: WidgetConfig, assets: FrameAssets): string {
  const carried: FrameConfig = { ...config, colours: brandColours(config.branding.color) }
  const lines = [
    '<!doctype html>',
    `<html lang="${escapeHtml(config.locale ?? 'en')}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="robots" content="noindex">',
    `<title>${escapeHtml(config.client.name)}</title>`,
    ...assets.styles.map((path) => `<link rel="stylesheet" href="${escapeHtml(path)}">`),
    ...assets.preloads.map((path) => `<link rel="modulepreload" href="${escapeHtml(path)}">`),
    `<script type="module" src="${escapeHtml(assets.script)}"></script>`,
    `<script type="application/json" id="parlor-config">${scriptJson(carried)}</script>`,
    '</head>',
    '<body></body>',
    '</html>',
  ]
  return `${lines.join('\n')}\n`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
