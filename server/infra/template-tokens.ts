/**
 * `text` in which no token stands by which the chat template of a model parts its roles: local servers would read one
 * in a visitor's message as the template's own. A blank is put after its first sign: `<|im_start|>`, `[INST]`.
 */
export function withoutTemplateTokens(text: string): string {
  return text.replace(TOKEN_BEGINS, '$& ')
}

/** Those of ChatML, Llama, Qwen, Phi, gpt-oss and DeepSeek (with bars), of Gemma, and of Llama 2 and Mistral. */
const TOKEN_BEGINS =
  /<(?=[|｜][^<>\n]{1,60}[|｜]>|(?:start|end)_of_turn>|<\/?SYS>>|\/?s>)|\[(?=\/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\])/g
