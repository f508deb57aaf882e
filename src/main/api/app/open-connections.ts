/** The connections that answer somebody who is signed in: so that sockets and streams end when what the account may do changes. */
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';

export class OpenConnections {
  private readonly byAccount = new Map<number, Map<Socket, string>>();

  /** Remembers a signed-in request until it is answered; a WebSocket until it is closed. */
  add(request: FastifyRequest, reply: FastifyReply): void {
    const { principal } = request;
    if (principal?.kind !== 'session') return;
    const { id } = principal.account;
    const { socket } = request.raw;
    const sockets = this.byAccount.get(id) ?? new Map<Socket, string>();
    this.byAccount.set(id, sockets.set(socket, principal.sessionToken));
    const forget = () => {
      sockets.delete(socket);
      if (sockets.size === 0 && this.byAccount.get(id) === sockets) this.byAccount.delete(id);
    };
    if (request.headers.upgrade === undefined) reply.raw.once('close', forget);
    else socket.once('close', forget);
  }

  /** Breaks the connections of an account but that of `request` itself, and those of `keptSession`. */
  cut(accountId: number, request: FastifyRequest, keptSession?: string): void {
    for (const [socket, session] of [...(this.byAccount.get(accountId) ?? [])])
      if (socket !== request.raw.socket && session !== keptSession) socket.destroy();
  }
}
