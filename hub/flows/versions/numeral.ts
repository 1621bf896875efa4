import { Type } from 'typebox';

/** The number of a version or a proposal in a path or a query. */
export const Numeral = Type.String({ pattern: '^[1-9][0-9]{0,8}$' });
