import { type Language, say } from '#hub/platform/messages.ts';
import type { Delegation } from '#schemas/signing.ts';

/** What a delegation is limited to, in words; none: nothing. `nameOf`: of an app. Pure. */
export const tellLimits = (
  { limits, usedToday }: Pick<Delegation, 'limits' | 'usedToday'>,
  nameOf: (appId: string) => string,
  language: Language,
): string[] => {
  const { appIds, documentTypes, levels, perDay } = limits;
  const t = (key: string, params: Record<string, string | number>): string =>
    say(language, `signing-desk.delegations.limit.${key}`, params);
  const list = (words: string[]): string => words.join(', ');
  return [
    ...(appIds ? [t('apps', { list: list(appIds.map(nameOf)) })] : []),
    ...(documentTypes ? [t('types', { list: list(documentTypes) })] : []),
    ...(levels ? [t('levels', { list: list(levels) })] : []),
    ...(perDay ? [t('per-day', { limit: perDay, used: usedToday })] : []),
  ];
};

/** Whether as much was decided today as may be. Pure. */
export const isUsedUp = ({ limits, usedToday }: Pick<Delegation, 'limits' | 'usedToday'>): boolean =>
  limits.perDay !== undefined && usedToday >= limits.perDay;
