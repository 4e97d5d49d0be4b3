// Optional peers, see package.json: they are installed by who uses them.

declare module '@anthropic-ai/bedrock-sdk' {
  const Bedrock: new (options: object) => Pick<import('@anthropic-ai/sdk').default, 'messages'>;
  export default Bedrock;
}

declare module '@anthropic-ai/vertex-sdk' {
  const Vertex: new (options: object) => Pick<import('@anthropic-ai/sdk').default, 'messages'>;
  export default Vertex;
}
