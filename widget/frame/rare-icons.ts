/** Paths of drawings that only what comes on demand shows, on a ground of 24 by 24. */
export const RARE_ICONS = {
  plus: 'M12 5v14M5 12h14',
  end: 'M5 12l4.5 4.5L19 7',
  star: 'M12 3.8l2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z',
  save: 'M12 4v11M7 10.5l5 5 5-5M5 20h14',
  sound: 'M4.5 9.5v5H8l4.5 4v-13l-4.5 4zM16 9a4.5 4.5 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11',
}
