import styles from './cards.css?inline'

export { default as ConfirmCard } from './components/ConfirmCard.svelte'
export { default as ContactCard } from './components/ContactCard.svelte'
export { default as MenuList } from './components/MenuList.svelte'
export { default as RatingCard } from './components/RatingCard.svelte'

/** What not every visitor is asked, or looks at, is fetched when it is: this dresses it, once for the document. */
export function dressCards(document: Document): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(styles)
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
}
