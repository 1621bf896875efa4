/** Read by the server from the folder of its settings; `hub/mirror` writes it. */
export const usersFileName = 'users.conf';

/**
 * The accounts of a NATS server for us: the hub's own, with JetStream, and what of it other accounts may import.
 * Each app has an account of its own, in the users file, which imports no more than the app may see; an account is a
 * world of its own, so nothing that an app sends, a reply subject included, reaches anybody else's.
 */
export const accountSettings = (hubUser: string): string => `accounts {
  LIENTHONG {
    jetstream: enabled
    users: [ { ${hubUser} } ]
    exports: [
      { stream: "lienthong.*.*.*.>" }
      { service: "$JS.API.CONSUMER.INFO.*.*", response_type: stream }
      { service: "$JS.API.CONSUMER.MSG.NEXT.*.*", response_type: stream }
      { service: "$JS.ACK.>", response_type: stream }
    ]
  }
  include ${JSON.stringify(usersFileName)}
}`;
