import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact, redactText } from './redaction.ts';

/** Put together here, so that nothing in this file looks like a secret to whoever scans the repository. */
const body = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8';
const secrets: Record<string, string> = {
  'OpenAI-like key': `sk-${body}`,
  'project key': `sk-proj-${body}`,
  'Anthropic-like key': `sk-ant-api03-${body}`,
  'Stripe-like key': `sk_live_${body}`,
  'GitHub token': `ghp_${body}`,
  'GitHub fine-grained token': `github_pat_${body}`,
  'GitLab token': `glpat-${body}`,
  'AWS key id': `AKIA${'ABCDEFGH12345678'}`,
  'Google key': `AIza${body.slice(0, 35)}`,
  'Slack token': `xoxb-${body}`,
  'npm token': `npm_${body}`,
  'JSON Web Token': `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${body}`,
};

describe('redactText', () => {
  it.each(Object.entries(secrets))('removes a %s anywhere in a text', (_name, secret) => {
    const clean = redactText(`it said (${secret}), then failed`);
    expect(clean).not.toContain(secret.slice(4, 20));
    expect(clean).toContain('it said (');
    expect(clean).toContain('then failed');
  });

  it('removes private keys, also when their end is cut off', () => {
    const key = `-----BEGIN RSA PRIVATE KEY-----\nMIIE${body}\n`;
    expect(redactText(`${key}-----END RSA PRIVATE KEY----- after`)).toBe('[redacted] after');
    expect(redactText(`before ${key}`)).toBe('before [redacted]');
  });

  it.each([
    ['postgres://app:hunter2@db.example/shop', 'postgres://app:[redacted]@db.example/shop'],
    ['redis://:p4ss@localhost:6379', 'redis://:[redacted]@localhost:6379'],
    ['Authorization: Bearer abc123def456', 'Authorization: Bearer [redacted]'],
    ['curl -H "Authorization: Basic dXNlcjpwYXNz1"', 'curl -H "Authorization: Basic [redacted]"'],
    ['password=correct-horse; next', 'password=[redacted]; next'],
    ['AccountName=a;AccountKey=Zm9vYmFy;End', 'AccountName=a;AccountKey=[redacted];End'],
    ['?api_key=abc&x=1', '?api_key=[redacted]&x=1'],
    ['{"password": "hunter22"}', '{"password": "[redacted]"}'],
    ['--token t0ps3cret', '--token [redacted]'],
    ['the password is set; password: hunter22', 'the password is set; password: [redacted]'],
  ])('%s', (text, clean) => {
    expect(redactText(text)).toBe(clean);
  });

  it.each([
    'Rotate the API key and the access token every 90 days',
    'password reset emails are not sent; token refresh fails after 15 minutes',
    'Basic authentication for the admin page, bearer tokens for the API',
    'password: required, at least eight characters',
    'use https://example.org:8080/path?x=1 and mailto:ann@example.org',
    'a task about skeletons, risk-based testing and ask-for-help flows',
    'secret management with vaults; key: value pairs; tokens_saved counted',
    'commit 0f8b6f0e2c1d4b7e9a3e5d2b5c1a7f10 broke the build of v1.2.3',
    'design a sk-learn pipeline for churn',
    '請檢查密碼重設流程 и токен доступа',
  ])('leaves prose alone: %s', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('is idempotent and never throws', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(...Object.values(secrets)),
      fc.constantFrom(
        'password',
        '=',
        ':',
        ' ',
        '"',
        'Bearer ',
        'token: ',
        'https://u:p@h',
        ';',
        'api_key=',
        '\n',
      ),
      fc.constantFrom('-----BEGIN PRIVATE KEY-----', '-----END PRIVATE KEY-----', '[redacted]', 'eyJ', 'sk-'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const once = redactText(pieces.join(''));
        expect(redactText(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  it('stays quick on texts made to be slow', () => {
    const long = 100_000;
    for (const text of [
      'a.'.repeat(long),
      'a://'.repeat(long),
      'password '.repeat(long),
      'eyJaaaaaaaa.'.repeat(long),
    ]) {
      expect(typeof redactText(text)).toBe('string');
    }
  });
});

describe('redact', () => {
  it('goes by the names of members', () => {
    const secret = {
      password: 'x',
      dbPassword: 'x',
      'api-key': 'x',
      apiKey: 'x',
      API_KEY: 'x',
      Authorization: 'x',
      'set-cookie': 'x',
      clientSecret: { nested: 'x' },
      connectionString: 'x',
      access_token: 12345,
    };
    const clean = redact({ list: [secret] });
    expect(JSON.stringify(clean)).not.toMatch(/"x"|12345/);
    expect(Object.keys((clean as { list: object[] }).list[0])).toEqual(Object.keys(secret));
  });

  it('leaves counts and ordinary members', () => {
    const plain = {
      tokens_saved: 4200,
      max_tokens: 10,
      key: 'k',
      password: null,
      token: true,
      method: 'm',
      list: [1],
    };
    expect(redact(plain)).toEqual(plain);
  });

  it('makes errors, dates, cycles and the unreadable fit for JSON', () => {
    const cycle: Record<string, unknown> = { at: new Date(0), big: 10n, bytes: Buffer.from('x') };
    cycle.self = cycle;
    const error = Object.assign(new Error('token=abc failed', { cause: new Error('deep') }), { code: 'E1' });
    const clean = redact({ cycle, error, run: () => 1 }) as Record<string, Record<string, unknown>>;
    expect(clean.cycle).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      big: '10',
      bytes: '[binary]',
      self: '[circular]',
    });
    expect(clean.error).toMatchObject({ name: 'Error', message: 'token=[redacted] failed', code: 'E1' });
    expect(clean.error.cause).toMatchObject({ message: 'deep' });
    expect(clean.run).toBeUndefined();
    const trap = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    expect(redact([trap])).toEqual(['[unreadable]']);
  });

  it('does not take __proto__ for a prototype', () => {
    const clean = redact(JSON.parse('{"__proto__": {"polluted": true}}')) as Record<string, unknown>;
    expect(Object.hasOwn(clean, '__proto__')).toBe(true);
    expect(clean.polluted).toBeUndefined();
  });

  it('is idempotent over any value, never throws and never changes its argument', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, maxDepth: 4 }), (value) => {
        const once = redact(value);
        expect(redact(once)).toEqual(once);
        JSON.stringify(once);
      }),
      { numRuns: 500 },
    );
    const given = Object.freeze({ password: 'x', list: Object.freeze(['a']) });
    redact(given);
    expect(given.password).toBe('x');
  });

  it('cuts what nests without end', () => {
    let deep: unknown = 'x';
    for (let i = 0; i < 5000; i++) deep = [deep];
    expect(JSON.stringify(redact(deep))).toContain('[too deep]');
  });
});
