import { StartError } from './start-error.ts'

/** Why a port could not be had, as one line with what to do; what the operator cannot mend comes back as it is. */
export function describeListenFailure(
  error: unknown,
  { host, port }: { host: string; port: number },
): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return new StartError(
        `Port ${port} of ${host} is taken.`,
        'Stop what uses it, or set PORT to another one.',
        error,
      )
    case 'EACCES':
      return new StartError(`This user may not listen on port ${port}.`, 'Set PORT to one above 1023.', error)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(
        `This machine has no address "${host}".`,
        'Set HOST to one it has, or 0.0.0.0 for all.',
        error,
      )
    default:
      return error
  }
}
