import { expose, isExposed } from './api.ts'
import { findScript, given, readSettings } from './settings.ts'
import { Widget } from './widget.ts'

// Whatever is wrong with us must not become the page's trouble.
try {
  if (!isExposed()) {
    const settings = readSettings(findScript(document), given())
    if (settings) expose(new Widget(settings))
    else console.warn('Parlor: the script tag needs data-client-key.')
  }
} catch (error) {
  document.querySelector('parlor-widget')?.remove()
  console.warn('Parlor could not start.', error)
}
