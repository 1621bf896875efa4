// @ts-check
import { registerTakingIn } from './take-in.js';

/** The clock: the hub keeps the next time, so that each comes once, whatever process runs. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => registerTakingIn(RED, 'lienthong-schedule-in');
