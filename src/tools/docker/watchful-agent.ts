import { Agent, type ClientRequest } from 'node:http';

type Adding = { addRequest(request: ClientRequest, ...rest: unknown[]): void };

/** An agent whose requests fail when their answer breaks off: Docker's client would wait for its end for good. */
export function watchfulAgent(): Agent {
  const agent = new Agent({ keepAlive: true });
  const adding = agent as unknown as Adding;
  const add = adding.addRequest.bind(agent);
  adding.addRequest = (request, ...rest) => {
    request.once('response', (answer) =>
      answer.once('close', () => {
        if (!answer.complete) request.emit('error', new Error('the answer broke off'));
      }),
    );
    add(request, ...rest);
  };
  return agent;
}
