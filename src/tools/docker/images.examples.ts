/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'docker images', params: {} },
  { request: 'docker image ls -a', params: {} },
  { request: 'what images does the engine hold', params: {} },
  { request: 'list the docker images', params: {} },
  { request: 'show me all container images we keep here', params: {} },
  { request: 'how big are our docker images?', params: {} },
  { request: 'which images take up disk space', params: {} },
  { request: 'image list please', params: {} },
  { request: 'docker imgaes', params: {} },
  { request: 'are there images without a tag?', params: {} },
  { request: 'give me an overview of the local images', params: {} },
  { request: 'can you list what images have been built', params: {} },
  { request: 'images on the docker host', params: {} },
];
