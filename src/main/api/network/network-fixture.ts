/** For tests of where the recorder listens: what an address answers, over HTTP and HTTPS. */
import { type Agent, request } from 'node:http';
import { get } from 'node:https';
import type { TLSSocket } from 'node:tls';

export const read = (url: string, method = 'GET') =>
  fetch(url, { method, headers: { connection: 'close' } }).then(
    async (answer) => `${answer.status} ${await answer.text()}`,
  );
export const isRefused = (url: string) =>
  read(url).then(
    () => false,
    () => true,
  );

/** Over a connection of the agent. */
export function readKept(url: string, agent: Agent): Promise<string> {
  return new Promise((done, fail) => {
    request(url, { agent }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += String(chunk);
      });
      answer.on('end', () => done(text));
    })
      .on('error', fail)
      .end();
  });
}

export function readTls(url: string, ca: string): Promise<{ text: string; fingerprint: string }> {
  return new Promise((done, fail) => {
    get(url, { ca, agent: false }, (answer) => {
      const { fingerprint256 } = (answer.socket as TLSSocket).getPeerCertificate();
      let text = '';
      answer.on('data', (chunk) => {
        text += String(chunk);
      });
      answer.on('end', () => done({ text, fingerprint: fingerprint256 }));
    }).on('error', fail);
  });
}
