/** What a stand-in knows of models by their names, apart from what the provider thinks of them. */
export function refusesSampling(model: string): boolean {
  return /gpt-(5|6)|^o[134]/.test(model)
}

export function knowsBreakpoints(model: string): boolean {
  return /gpt-(5\.6|6)/.test(model)
}

/** Names in `body` that the API does not have, as it tells them. */
export function unknownParameter(body: object, known: readonly string[]): string | null {
  const unknown = Object.keys(body).find((name) => !known.includes(name))
  return unknown === undefined ? null : `Unknown parameter: '${unknown}'.`
}

/** A function's name and its schema, as far as the vendor looks at it. */
export function whyFunctionInvalid(tool: { name: string; parameters?: object | null }): string | null {
  if (!/^[\w-]{1,64}$/.test(tool.name)) return `Invalid 'tools[0].name': string does not match pattern.`
  const { type } = (tool.parameters ?? {}) as { type?: string }
  return type === 'object'
    ? null
    : `Invalid schema for function '${tool.name}': schema must be type: "object".`
}

export const UNSUPPORTED = (name: string) =>
  `Unsupported parameter: '${name}' is not supported with this model.`
