import type { FlowPlan } from './read-plan.ts';

/** What stands for a secret. */
export const dots = '••••••';

const secretWords =
  /pass(word|wd|phrase)|pwd|secret|token|api.?key|private.?key|authori[sz]ation|credential|cookie|mat.?khau/i;

/** Whether a property of this name may hold a secret, though secrets belong among the credentials. */
export const isSecretName = (name: string): boolean => secretWords.test(name);

const isValueKey = (key: string): boolean => /^(value|to)/i.test(key);

/** A header, a variable, a rule: one property names it, another one holds its value. */
const namesSecret = (value: object): boolean =>
  Object.entries(value).some(
    ([key, text]) => !isValueKey(key) && typeof text === 'string' && isSecretName(text),
  );

/** A value for people: ids of nodes and flows are their names (`withIds`: and the ids), what looks secret is dots. */
export const showValue = (value: unknown, plan: FlowPlan, isSecret: boolean, withIds = false): unknown => {
  if (isSecret) return value === '' || value === null ? value : dots;
  if (typeof value === 'string') {
    const id = value.startsWith('subflow:') ? value.slice('subflow:'.length) : value;
    if (!plan.has(id)) return value;
    return withIds ? `${plan.nameOf(id)} [${id}]` : plan.nameOf(id);
  }
  if (Array.isArray(value)) return value.map(inner => showValue(inner, plan, false, withIds));
  if (typeof value !== 'object' || value === null) return value;
  const hides = namesSecret(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      showValue(inner, plan, isSecretName(key) || (hides && isValueKey(key)), withIds),
    ]),
  );
};
