/** A user unit of systemd; quoting after systemd.service(5) and systemd.syntax(7). */
import { join } from 'node:path';
import { allocatorSettings } from '../command-line.ts';
import type { Manager } from './manager.ts';

export const systemd: Manager = {
  fileFor: ({ name }, home) => join(home, '.config', 'systemd', 'user', `${name}.service`),
  render: ({ project, command }) => `[Unit]
Description=Callsheet for ${withoutSpecifiers(oneLine(project))}
StartLimitIntervalSec=60
StartLimitBurst=5

[Service]
Type=simple
WorkingDirectory=${withoutSpecifiers(project)}
Environment=${allocatorSettings}
ExecStart=${command.map(quoted).join(' ')}
Restart=on-failure
RestartSec=1
TimeoutStopSec=15

[Install]
WantedBy=default.target
`,
  probe: ['systemctl', '--user', 'show-environment'],
  enable: ({ name }) => [
    ['systemctl', '--user', 'daemon-reload'],
    ['systemctl', '--user', 'enable', '--now', `${name}.service`],
  ],
  halt: ({ name }) => [['systemctl', '--user', 'stop', `${name}.service`]],
  disable: ({ name }) => [['systemctl', '--user', 'disable', '--now', `${name}.service`]],
};

/** An argument of ExecStart: in quotes, with C escapes; `%` begins a specifier and `$` a variable there. */
function quoted(argument: string): string {
  const escaped = argument.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('$', '$$$$');
  return `"${withoutSpecifiers(escaped)}"`;
}

function withoutSpecifiers(text: string): string {
  return text.replaceAll('%', '%%');
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, ' ');
}
