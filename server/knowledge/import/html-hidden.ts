import type { Element } from './html-tree.ts'

/** What holds no text of the page: code, media, forms, and what leads to other pages. */
const WITHOUT_TEXT = new Set([
  ...[
    'head',
    'script',
    'style',
    'noscript',
    'template',
    'iframe',
    'object',
    'embed',
    'svg',
    'math',
    'canvas',
  ],
  ...[
    'audio',
    'video',
    'picture',
    'map',
    'nav',
    'input',
    'select',
    'textarea',
    'datalist',
    'progress',
    'meter',
  ],
])
const ROLES_WITHOUT_TEXT = new Set([
  'navigation',
  'search',
  'menu',
  'menubar',
  'toolbar',
  'dialog',
  'alertdialog',
])

/** Classes by which frameworks hide text from the eye. */
const HIDING_CLASSES = new Set([
  'sr-only',
  'visually-hidden',
  'screen-reader-text',
  'visuallyhidden',
  'd-none',
])

/** Declarations that leave nothing to be seen, in a style written without blanks. */
const HIDING_STYLE = new RegExp(
  [
    'display:none|visibility:(?:hidden|collapse)|opacity:0?\\.?0*(?:;|$|!)|content-visibility:hidden',
    'font-size:(?:0|[01](?:\\.\\d+)?px|0?\\.\\d+(?:px|pt|em|rem))(?:;|$|!|[a-z%])',
    '(?:^|;)color:(?:transparent|rgba\\([^)]*,0?\\.?0*\\))|clip:rect\\(|clip-path:inset\\((?:50|100)%',
    '(?:text-indent|left|top|right|margin-left):-\\d{3,}|transform:scale\\(0\\)|mso-hide:all',
    '(?:^|;)(?:max-)?(?:height|width):0(?:;|$|!|px)',
  ].join('|'),
)

/**
 * Whether a person who reads the page does not see this element's text, as far as the element itself says so; what
 * a style sheet hides is not known. Hidden text is how instructions are smuggled to a model.
 */
export function isHidden(element: Element): boolean {
  const attribute = (name: string) => element.attrs.find((one) => one.name === name)?.value.toLowerCase()
  const hidden = attribute('hidden')
  if (hidden !== undefined && hidden !== 'until-found') return true
  if (attribute('aria-hidden') === 'true' || WITHOUT_TEXT.has(element.tagName)) return true
  if (element.tagName === 'footer' && isOfThePage(element)) return true
  if (ROLES_WITHOUT_TEXT.has(attribute('role') ?? '')) return true
  if (element.tagName === 'dialog' && attribute('open') === undefined) return true
  if ((attribute('class') ?? '').split(/\s+/).some((name) => HIDING_CLASSES.has(name))) return true
  return HIDING_STYLE.test((attribute('style') ?? '').replace(/\/\*.*?\*\/|\s+/gs, ''))
}

/** The footer of a whole page is the same on every page: it says nothing of this one. */
function isOfThePage(footer: Element): boolean {
  return footer.parentNode?.nodeName === 'body'
}
