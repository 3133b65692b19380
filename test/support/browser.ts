import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions } from 'playwright-core'

const PUBLIC = join(import.meta.dirname, '../../dist/public')

/** No sandbox, since tests may run as root; and none of what a browser asks the network for by itself. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Milliseconds for anything that a test does to a page. */
export const PAGE_PATIENCE = 10_000

/** What a visitor with a phone in his hand has. */
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
  deviceScaleFactor: 1,
}

/** Chromium, with a profile of its own that goes with it. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch(settings())
}

/** Chromium whose profile in `folder` says what its user has chosen. */
export async function launchWithProfile(folder: string): Promise<BrowserContext> {
  const context = await chromium.launchPersistentContext(folder, settings())
  context.setDefaultTimeout(PAGE_PATIENCE)
  return context
}

function settings() {
  const executablePath = process.env['CHROMIUM_PATH']
  if (!executablePath) throw new Error('CHROMIUM_PATH does not say where Chromium is; npm test sets it')
  if (!existsSync(join(PUBLIC, 'widget.js')) || !existsSync(join(PUBLIC, 'manifest.json')))
    throw new Error('The widget is not built: npm run build:widget')
  return { executablePath, args: FLAGS }
}
