/**
 * The Model Context Protocol's SDK, imported on first use: it costs 25 MB, and who does not speak the protocol does
 * not pay. The other files of this folder import its types alone.
 */
export type Sdk = Awaited<ReturnType<typeof loadSdk>>;

export async function loadSdk() {
  const [server, skills] = await Promise.all([
    import('@modelcontextprotocol/server'),
    import('@modelcontextprotocol/server/ext/skills'),
  ]);
  const { createMcpHandler, McpServer, ProtocolError, ProtocolErrorCode } = server;
  const { ResourceNotFoundError, ResourceTemplate } = server;
  const { SkillsExtension } = skills;
  return {
    createMcpHandler,
    McpServer,
    ProtocolError,
    ProtocolErrorCode,
    ResourceNotFoundError,
    ResourceTemplate,
    SkillsExtension,
  };
}
