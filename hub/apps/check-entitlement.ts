import type { Fault } from '#hub/platform/errors.ts';
import { accountAttributes } from '#schemas/account.ts';
import type { Entitlement } from '#schemas/app.ts';
import { staffAttributes } from '#schemas/staff.ts';

/** The citizen number never leaves the register, so nobody can be entitled to it. */
const known = [...new Set([...Object.keys(staffAttributes), ...accountAttributes])].filter(
  name => name !== 'citizenNumber',
);

/** Attributes of an entitlement that there are not, by pointer: a misspelt one would silently give nothing. */
export const checkEntitlement = ({ attributes }: Entitlement): Fault[] =>
  attributes.flatMap((name, index) =>
    known.includes(name)
      ? []
      : [
          {
            pointer: `/entitlement/attributes/${index}`,
            code: 'unknown-attribute',
            detail: known.join(', '),
          },
        ],
  );
