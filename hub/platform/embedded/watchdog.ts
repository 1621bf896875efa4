import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Stops processes on our behalf when we die without having been able to. */
export interface Watchdog {
  /** The watchdog's own process. */
  readonly pid: number;
  /** From now on, should this process die, `pid` is sent `signal`. */
  guard(pid: number, signal: NodeJS.Signals): void;
  /** `pid` has ended: its number may soon belong to somebody else. */
  forget(pid: number): void;
  /** Ends the watchdog; nothing is signalled. */
  stop(): Promise<void>;
}

// POSIX sh takes 1 MB where a second node would take 45. Reads lines; the end of input means that the
// parent is gone, however it went.
const script = `
trap '' HUP INT TERM
guarded=''
while read -r verb pid signal; do
  kept=''
  for one in $guarded; do [ "\${one%%:*}" = "$pid" ] || kept="$kept $one"; done
  case $verb in
    guard) guarded="$kept $pid:$signal" ;;
    forget) guarded="$kept" ;;
    stop) exit 0 ;;
  esac
done
for one in $guarded; do kill -s "\${one##*:}" "\${one%%:*}"; done
`;

/**
 * Starts a tiny child that holds a pipe to this process. When the pipe closes (a crash, `kill -9`) it sends
 * each guarded process its signal and exits. It has a session of its own, so Ctrl-C does not reach it.
 */
export const startWatchdog = (): Watchdog => {
  const child = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  const { stdin, pid } = child;
  if (pid === undefined) throw new Error('The watchdog cannot be started: /bin/sh is missing.');
  // A watchdog that is gone must not take us along; we then merely lose its service.
  stdin.on('error', () => {});
  child.unref();
  return {
    pid,
    guard: (guarded, signal) => void stdin.write(`guard ${guarded} ${signal.replace(/^SIG/, '')}\n`),
    forget: guarded => void stdin.write(`forget ${guarded}\n`),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.ref();
      stdin.end('stop\n');
      await ended;
    },
  };
};
