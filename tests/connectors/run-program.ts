import { execFile } from 'node:child_process';

/** How a program ended; both streams as text. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a TypeScript program (or a package's script) with this very Node, and waits for its end. */
export const runProgram = (args: string[], cwd: string): Promise<Ended> =>
  new Promise(resolve => {
    execFile(process.execPath, args, { cwd, maxBuffer: 50_000_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });

/** The project's own folder. */
export const projectRoot = new URL('../..', import.meta.url).pathname;
