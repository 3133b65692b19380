import type { FrameConfig } from '../../protocol/frame-config.ts'

/** The configuration that the server wrote into the frame's page, whole: page and script are of one release. */
export function readConfig(document: Document): FrameConfig {
  return JSON.parse(document.getElementById('parlor-config')?.textContent ?? '') as FrameConfig
}
