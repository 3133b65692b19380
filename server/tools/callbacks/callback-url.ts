/** Where the result of a call may be brought, under the address by which others reach us. */
export function callbackUrls(origin: string): (executionId: string) => string {
  return (executionId) => `${origin}/api/v1/callbacks/${executionId}`
}
