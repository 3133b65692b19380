/** An amount of money: a decimal as the currency is written, `19.90`; its ISO 4217 code, null where it is not known. */
export interface Money {
  amount: string
  currency: string | null
}

/** What a shop's API says of an amount, in one form; null where that is none. Nothing is rounded. */
export function moneyOf(amount: string | null | undefined, currency: string | null): Money | null {
  const parts = /^(-?\d{1,15})(?:\.(\d{1,10}))?$/.exec(amount ?? '')
  if (!parts) return null
  const [, whole = '', fraction = ''] = parts
  const digits = digitsOf(currency)
  const kept = fraction.replace(/0+$/, '').padEnd(digits, '0')
  return { amount: kept === '' ? whole : `${whole}.${kept}`, currency }
}

/** Decimals that a currency is written with: 2 of most, 0 of yen, 3 of Kuwaiti dinars. */
function digitsOf(currency: string | null): number {
  if (currency === null || !/^[A-Z]{3}$/.test(currency)) return 2
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  )
}
