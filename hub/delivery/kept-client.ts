import type { Socket } from 'node:net';
import { type buildConnector, Client, type Dispatcher } from 'undici';

/** A request that is told which client takes it. */
export interface KeptRequest extends Dispatcher.DispatchOptions {
  takenBy(client: KeptClient): void;
}

interface Connection {
  socket: Socket | null;
  /** It has brought a whole answer before. */
  served: boolean;
}
interface Holder {
  connection: Connection | undefined;
}

/**
 * One of a pool's clients, with one connection at a time of which it knows whether it has served before: undici's
 * errors do not tell when it is the system that reports the loss.
 */
export class KeptClient extends Client {
  readonly #of: Holder;

  constructor(origin: URL, options: Client.Options) {
    const connect = options.connect as buildConnector.connector;
    const of: Holder = { connection: undefined };
    super(origin, {
      ...options,
      connect: (how, done) =>
        connect(how, (...[error, socket]) => {
          of.connection = { socket, served: false };
          done(...([error, socket] as Parameters<buildConnector.Callback>));
        }),
    });
    this.#of = of;
  }

  override dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    (request as KeptRequest).takenBy(this);
    return super.dispatch(request, handler);
  }

  /** A whole answer has come. */
  noteServed(): void {
    if (this.#of.connection !== undefined) this.#of.connection.served = true;
  }

  /**
   * Called when a request begins. What it gives tells, when the connection is lost, whether it was an older one that
   * brought nothing more since: its receiver had gone, and nobody has read the request.
   */
  begin(): () => boolean {
    const { connection } = this.#of;
    const served = connection?.served ?? false;
    const read = connection?.socket?.bytesRead;
    return () => served && connection?.socket?.bytesRead === read;
  }
}
