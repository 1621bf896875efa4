import { dayNumber } from '#sandbox/kit/vietnamese-day.ts';

/** What was issued and what was signed in a period and until its end; days are dd/MM/yyyy. */
export const countDocuments = (issued: string[], signed: string[], from: string, until: string) => {
  const within = (first: number) => ({
    VanBanDi: count(issued, first, dayNumber(until)),
    VanBanKy: count(signed, first, dayNumber(until)),
  });
  return { TrongKy: within(dayNumber(from)), LuyKe: within(1) };
};

const count = (days: string[], first: number, last: number): number =>
  days.map(dayNumber).filter(day => day >= first && day <= last).length;
