import { describe, expect, it } from 'vitest';
import { launchd } from './launchd.ts';
import type { Job } from './manager.ts';
import { systemd } from './systemd.ts';
import { taskScheduler } from './task-scheduler.ts';

const job: Job = {
  name: 'callsheet-a-0123',
  project: '/home/u/a "b" 100% & <c>',
  command: ['/usr/bin/node', '/opt/call sheet/callsheet.js', '--root', '/r $HOME 5%', 'back\\slash "q"\\'],
  outputFile: '/home/u/out & about.log',
};

describe('a systemd unit', () => {
  const text = systemd.render(job);

  it('quotes arguments, and neither specifiers nor variables work in them', () => {
    expect(text).toContain(
      'ExecStart="/usr/bin/node" "/opt/call sheet/callsheet.js" "--root" "/r $$HOME 5%%" "back\\\\slash \\"q\\"\\\\"',
    );
    expect(text).toContain('WorkingDirectory=/home/u/a "b" 100%% & <c>\n');
  });

  it('restarts after a crash, not after a stop', () => {
    expect(text).toContain('Restart=on-failure');
    expect(systemd.fileFor(job, '/home/u')).toBe('/home/u/.config/systemd/user/callsheet-a-0123.service');
  });
});

describe('a launch agent', () => {
  const text = launchd.render(job);

  it('escapes what XML would misread', () => {
    expect(text).toContain('<string>/home/u/a &quot;b&quot; 100% &amp; &lt;c&gt;</string>');
    expect(text).toContain('<string>/r $HOME 5%</string>');
    expect(text).toMatch(/<key>SuccessfulExit<\/key>\s*<false\/>/);
    expect(launchd.fileFor(job, '/Users/u')).toBe('/Users/u/Library/LaunchAgents/callsheet-a-0123.plist');
  });
});

describe('a task of Windows', () => {
  const text = taskScheduler.render(job);

  it('quotes arguments as programs of Windows split them', () => {
    expect(text).toContain('<Command>/usr/bin/node</Command>');
    const quoted = '"/opt/call sheet/callsheet.js" --root "/r $HOME 5%" "back\\slash \\"q\\"\\\\"';
    expect(text).toContain(`<Arguments>${quoted.replaceAll('"', '&quot;')}</Arguments>`);
  });

  it('is UTF-16 with a byte order mark', () => {
    const bytes = taskScheduler.encode?.(text);
    expect(bytes?.subarray(0, 4)).toEqual(Buffer.from([0xff, 0xfe, 0x3c, 0x00]));
  });
});
