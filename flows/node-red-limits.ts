import { join } from 'node:path';

/**
 * What every process of Node-RED here has in common: our nodes, and no way around the hub. A node that runs programs, reads
 * files, listens, or speaks a protocol of its own is not there, nothing can be installed, and a function that takes too long ends.
 */
export const nodeRedLimits = {
  nodesDir: [join(import.meta.dirname, 'nodes')],
  nodesExcludes: [
    '90-exec.js',
    '10-file.js',
    '23-watch.js',
    '31-tcpin.js',
    '32-udp.js',
    '21-httpin.js',
    '22-websocket.js',
    '10-mqtt.js',
  ],
  externalModules: {
    autoInstall: false,
    palette: { allowInstall: false, allowUpdate: false, allowUpload: false },
    modules: { allowInstall: false },
  },
  functionExternalModules: false,
  /** Seconds of unbroken work, enforced; and what a new function node says. */
  globalFunctionTimeout: 5,
  functionTimeout: 5,
  functionGlobalContext: {},
  exportGlobalContextKeys: false,
  tlsConfigDisableLocalFiles: true,
  diagnostics: { enabled: false, ui: false },
  telemetry: { enabled: false, updateNotification: false },
  httpNodeRoot: false,
};
