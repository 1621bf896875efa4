/** Whether `given` has all that `wanted` names: members of objects, and the elements of lists one by one. Pure. */
export const fits = (given: unknown, wanted: unknown): boolean => {
  if (wanted === null || typeof wanted !== 'object') return given === wanted;
  if (given === null || typeof given !== 'object') return false;
  if (Array.isArray(wanted))
    return (
      Array.isArray(given) &&
      given.length === wanted.length &&
      wanted.every((value, at) => fits(given[at], value))
    );
  return Object.entries(wanted).every(([name, value]) =>
    fits((given as Record<string, unknown>)[name], value),
  );
};
