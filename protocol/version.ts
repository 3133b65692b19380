/** The version of everything under `protocol/`. A client says it in its handshake; another number is refused. */
export const PROTOCOL_VERSION = 1
