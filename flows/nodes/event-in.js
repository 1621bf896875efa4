// @ts-check
import { registerTakingIn } from './take-in.js';

/** Where facts of the hub's log come in, and what other programs hand in. A message is on loan until it is acknowledged. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => registerTakingIn(RED, 'lienthong-event-in');
