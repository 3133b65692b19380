/** What is asked of few visitors, and fetched when it is. */
export { default as ContactCard } from './components/ContactCard.svelte'
export { default as RatingCard } from './components/RatingCard.svelte'
