import { parseObject } from '../json-object.ts'

/** The arguments of a call, which come as a text: empty where there are none, null where it is broken. */
export function callArguments(json: string): Record<string, unknown> | null {
  return json.trim() === '' ? {} : parseObject(json)
}
