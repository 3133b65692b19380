/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number]

/** WCAG 2.2 AA: the least contrast of text with its ground. */
export const READABLE = 4.5

const WHITE: Rgb = [255, 255, 255]
const BLACK: Rgb = [0, 0, 0]
const INK: Rgb = [17, 20, 27]

/** The text colour for a ground: white where it can be read, as people expect on a colour, or else dark. */
export function readableOn(ground: string): string | null {
  const rgb = parseColour(ground)
  if (!rgb) return null
  const text = [WHITE, INK].find((candidate) => contrast(candidate, rgb) >= READABLE) ?? BLACK
  return formatColour(text)
}

/** The contrast ratio of WCAG 2.2, 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one), luminance(other)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** `#rgb` or `#rrggbb`; null for anything else. */
export function parseColour(color: string): Rgb | null {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(color)?.[1]
  if (digits === undefined) return null
  const hex = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits
  const value = parseInt(hex, 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

export function formatColour([red, green, blue]: Rgb): string {
  return `#${((red << 16) | (green << 8) | blue).toString(16).padStart(6, '0')}`
}

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance([red, green, blue]: Rgb): number {
  const linear = (value: number) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}
