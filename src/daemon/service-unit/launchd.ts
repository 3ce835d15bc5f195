/** A launch agent of macOS; keys after launchd.plist(5). */
import { join } from 'node:path';
import type { Manager } from './manager.ts';
import { xmlText } from './xml-text.ts';

export const launchd: Manager = {
  fileFor: ({ name }, home) => join(home, 'Library', 'LaunchAgents', `${name}.plist`),
  render: ({ name, project, command, outputFile }) => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${xmlText(name)}</string>
  <key>ProgramArguments</key>
  <array>
${command.map((argument) => `    <string>${xmlText(argument)}</string>`).join('\n')}
  </array>
  <key>WorkingDirectory</key>
  <string>${xmlText(project)}</string>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ExitTimeOut</key>
  <integer>15</integer>
  <key>StandardOutPath</key>
  <string>${xmlText(outputFile)}</string>
  <key>StandardErrorPath</key>
  <string>${xmlText(outputFile)}</string>
</dict>
</plist>
`,
  probe: ['launchctl', 'version'],
  enable: (_job, file) => [['launchctl', 'load', '-w', file]],
  halt: (_job, file) => [['launchctl', 'unload', file]],
  disable: (_job, file) => [['launchctl', 'unload', '-w', file]],
};
