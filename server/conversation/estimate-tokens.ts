/** About how many tokens a model makes of a text: three characters each where it is Latin, else one and a half. */
export function estimateTokens(text: string): number {
  const latin = text.match(/[^\u0250-\uffff]/g)?.length ?? 0
  return Math.ceil(latin / 3 + (text.length - latin) / 1.5)
}
