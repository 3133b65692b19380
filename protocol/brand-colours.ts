import { contrast, formatColour, parseColour, READABLE, readableOn, type Rgb } from './contrast.ts'

const WHITE: Rgb = [255, 255, 255]
const BLACK: Rgb = [0, 0, 0]
/** What a colour that cannot be read as one is replaced with. */
const DEFAULT: Rgb = [79, 70, 229]
/** `--hover` of widget/frame/app.css: of all grounds the one on which brand-coloured text is the hardest to read. */
const LIGHT: Rgb = [240, 241, 244]
const DARK: Rgb = [42, 44, 52]

/** Colours derived from the one that a client picks; text in each is readable, whatever was picked. */
export interface BrandColours {
  /** The colour itself, as a ground. */
  brand: string
  /** Text on it. */
  onBrand: string
  /** The colour as text, on a light and on a dark ground. */
  inkOnLight: string
  inkOnDark: string
}

/** For the grounds of the chat's two themes. `color` is `#rgb` or `#rrggbb`, anything else counts as the default. */
export function brandColours(color: string): BrandColours {
  const brand = parseColour(color) ?? DEFAULT
  return {
    brand: formatColour(brand),
    onBrand: readableOn(formatColour(brand)) ?? '#ffffff',
    inkOnLight: formatColour(shift(brand, LIGHT, BLACK)),
    inkOnDark: formatColour(shift(brand, DARK, WHITE)),
  }
}

/** How much of the colour its badge's ground has: `.ai` in app.css. */
const TINT = 0.1

/** The colour, moved towards black or white until it can be read on the ground, and on the ground tinted with it. */
function shift(color: Rgb, ground: Rgb, towards: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(color, towards, share)
    if (contrast(mixed, mix(ground, mixed, TINT)) >= READABLE) return mixed
  }
  return towards
}

function mix(one: Rgb, other: Rgb, share: number): Rgb {
  const channel = (i: 0 | 1 | 2) => Math.round(one[i] + (other[i] - one[i]) * share)
  return [channel(0), channel(1), channel(2)]
}
