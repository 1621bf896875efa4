/** Why a guess was not looked at and when to come back, as a key of messages: in hours where minutes would be many. */
export const waitWords = (
  reason: 'locked' | 'slow-down',
  seconds: number,
): { key: string; params: Record<string, number> } =>
  seconds > 2 * 3600
    ? { key: `accounts.${reason}.hours`, params: { count: Math.ceil(seconds / 3600) } }
    : { key: `accounts.${reason}.minutes`, params: { count: Math.ceil(seconds / 60) } };
