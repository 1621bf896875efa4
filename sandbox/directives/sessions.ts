import { randomUUID } from 'node:crypto';

/** Open sessions of the software, each with its end. They do not outlive the program. */
export const createSessions = (seconds: number, now: () => number = Date.now) => {
  const open = new Map<string, number>();
  return {
    start(): { MaPhien: string; HieuLucGiay: number } {
      for (const [token, until] of open) {
        if (until > now()) break;
        open.delete(token);
      }
      const MaPhien = randomUUID();
      open.set(MaPhien, now() + seconds * 1000);
      return { MaPhien, HieuLucGiay: seconds };
    },
    holds: (token: string): boolean => (open.get(token) ?? 0) > now(),
    endAll(): number {
      const ended = open.size;
      open.clear();
      return ended;
    },
  };
};
