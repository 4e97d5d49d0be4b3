import { isLoopback } from '../domain/loopback.ts';
import type { PathProblem } from './issues.ts';
import { mapping, peopleIn, text } from './named-parts.ts';

/** What is missing to let people sign in from elsewhere, in data that may be malformed in other parts. */
export function servingProblems(data: unknown): PathProblem[] {
  const { server, oidc } = mapping(data);
  const host = text(mapping(server).host) ?? '127.0.0.1';
  const publicUrl = text(mapping(server).publicUrl);
  const subject = peopleIn(data).find((person) => person.oidc !== undefined);
  if (oidc === undefined) {
    return [
      ...(isLoopback(host) ? [] : [{ path: ['server', 'host'], message: beyondLoopback(host) }]),
      ...(subject === undefined
        ? []
        : [{ path: ['people', subject.index, 'oidc'], message: noProvider(subject.index) }]),
    ];
  }
  if (publicUrl === undefined && !isLoopback(host)) {
    const message = 'server.publicUrl: is missing: people come back to it from the provider to be signed in';
    return [{ path: ['server'], message }];
  }
  if (publicUrl?.startsWith('http://') && !isLoopback(hostOf(publicUrl))) {
    const message = 'server.publicUrl: beyond this machine a session needs https://';
    return [{ path: ['server', 'publicUrl'], message }];
  }
  return [];
}

function beyondLoopback(host: string): string {
  return `server.host: "${host}" is beyond this machine, where sign-in links are not enough: set oidc.issuer and oidc.clientId (docs/operations.md), or listen on 127.0.0.1`;
}

function noProvider(index: number): string {
  return `people[${index}].oidc: nobody says whose id this is: set oidc.issuer and oidc.clientId`;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, '$1') : '';
}
