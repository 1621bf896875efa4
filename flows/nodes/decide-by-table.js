// @ts-check
/**
 * @typedef {{ when: Record<string, string>, then: Record<string, unknown> }} Row  `when`: by column what a value must be; an absent or empty
 *   cell is not asked
 */

/** Whether one cell fits: equal, one of several (`a | b`), a range (`>= 5`), the beginning of a text (`Sở*`), or not (`!x`). Pure. @param {unknown} value @param {string} cell @returns {boolean} */
export const cellFits = (value, cell) => {
  const wanted = cell.trim();
  if (wanted === '') return true;
  if (wanted.startsWith('!')) return !cellFits(value, wanted.slice(1));
  if (wanted.includes('|')) return wanted.split('|').some(one => cellFits(value, one));
  const compared = /^(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)$/.exec(wanted);
  if (compared !== null) {
    const [, operator, limit] = compared;
    const given = Number(value);
    if (value === '' || value === null || value === undefined || Number.isNaN(given)) return false;
    if (operator === '>=') return given >= Number(limit);
    if (operator === '<=') return given <= Number(limit);
    return operator === '>' ? given > Number(limit) : given < Number(limit);
  }
  const text = String(value ?? '')
    .normalize('NFC')
    .toLowerCase();
  const sought = wanted.normalize('NFC').toLowerCase();
  return sought.endsWith('*') ? text.startsWith(sought.slice(0, -1)) : text === sought;
};

/** The first row that fits; undefined when none does. Pure. @param {Row[]} rows @param {Record<string, unknown>} values @returns {Row | undefined} */
export const decideByTable = (rows, values) =>
  rows.find(({ when }) => Object.entries(when).every(([column, cell]) => cellFits(values[column], cell)));
