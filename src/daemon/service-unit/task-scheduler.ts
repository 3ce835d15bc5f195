/** A task of the Windows Task Scheduler, started at log-on; elements after its schema 1.2. */
import { join } from 'node:path';
import type { Manager } from './manager.ts';
import { xmlText } from './xml-text.ts';

export const taskScheduler: Manager = {
  fileFor: ({ name }, home) => join(home, '.claude', `${name}.xml`),
  render: ({ project, command: [program, ...args] }) => `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>${xmlText(`Callsheet for ${project}`)}</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Enabled>true</Enabled>
    </LogonTrigger>
  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Hidden>true</Hidden>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>5</Count>
    </RestartOnFailure>
  </Settings>
  <Actions>
    <Exec>
      <Command>${xmlText(program)}</Command>
      <Arguments>${xmlText(args.map(quoted).join(' '))}</Arguments>
      <WorkingDirectory>${xmlText(project)}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
`,
  // schtasks reads UTF-16 with a byte order mark, as its own exports are.
  encode: (text) => Buffer.from(`\uFEFF${text.replaceAll('\n', '\r\n')}`, 'utf16le'),
  probe: ['schtasks', '/Query', '/TN', '\\'],
  enable: ({ name }, file) => [
    ['schtasks', '/Create', '/F', '/TN', name, '/XML', file],
    ['schtasks', '/Run', '/TN', name],
  ],
  halt: ({ name }) => [['schtasks', '/End', '/TN', name]],
  disable: ({ name }) => [['schtasks', '/Delete', '/F', '/TN', name]],
};

/** The rules of CommandLineToArgvW: backslashes count double before a quote. */
function quoted(argument: string): string {
  if (/^[^\s"]+$/.test(argument)) return argument;
  return `"${argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}
