import { expose, isExposed } from './api.ts'
import { findScript, readSettings } from './settings.ts'
import { Widget } from './widget.ts'

// Whatever is wrong with us must not become the page's trouble.
try {
  const script = isExposed() ? null : findScript(document)
  const settings = script && readSettings(script)
  if (settings) expose(new Widget(settings))
  else if (script) console.warn('Parlor: the script tag needs data-client-key.')
} catch (error) {
  console.warn('Parlor could not start.', error)
}
