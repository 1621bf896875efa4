import { join } from 'node:path';

/** Nodes that reach past the hub, or block: files, processes, raw sockets, and doors of their own. */
const excluded = [
  '90-exec.js',
  '10-file.js',
  '23-watch.js',
  '31-tcpin.js',
  '32-udp.js',
  '21-httpin.js',
  '22-websocket.js',
  '10-mqtt.js',
];

/** A function that runs longer is ended: it would block every flow of its process. */
const functionSeconds = 10;

/** What holds for every process of Node-RED here, with the editor or without. */
export const commonSettings = {
  // What nodes say of their faults; the editor speaks the language of the person.
  lang: 'vi',
  nodesDir: join(import.meta.dirname, '..', 'nodes'),
  nodesExcludes: excluded,
  // Nothing is installed at run time: what a flow needs is in the release.
  externalModules: {
    autoInstall: false,
    palette: { allowInstall: false, allowUpload: false },
    modules: { allowInstall: false },
  },
  functionExternalModules: false,
  functionTimeout: functionSeconds,
  globalFunctionTimeout: functionSeconds,
  exportGlobalContextKeys: false,
  telemetry: { enabled: false, updateNotification: false },
  diagnostics: { enabled: false, ui: false },
  httpNodeRoot: false,
  tlsConfigDisableLocalFiles: true,
  nodeMessageBufferMaxLength: 1000,
  httpRequestTimeout: 30_000,
  logging: { console: { level: 'warn', metrics: false, audit: false } },
};
