import { engineUnderTest } from './app.ts'

/**
 * How often something is tried that is tried in great numbers: on node:http a quarter as often as on uWebSockets.js, since
 * what an engine or a database changes shows soon. On both it is tried whole where it is small.
 */
export function rounds(most: number): number {
  return Math.ceil(engineUnderTest() === 'uws' ? most : most / 4)
}
