// @ts-check
import { registerTakingIn } from './take-in.js';

/** What was made or changed in an app since the last look: the hub asks and keeps the place. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => registerTakingIn(RED, 'lienthong-changes-in');
