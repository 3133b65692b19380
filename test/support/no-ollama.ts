/** Where no Ollama listens: a server under test takes none of the machine's own. */
export const NO_OLLAMA = 'http://127.0.0.1:9'
