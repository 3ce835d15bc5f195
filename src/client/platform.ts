/**
 * What the runtime offers beside the web's own: an environment and files, where there are any.
 *
 * Asks for Node's modules at run time (`process.getBuiltinModule`: Node ≥ 20.16, Bun, Deno) instead of importing
 * them, so that the same file runs in a browser, where all of this is simply absent.
 */

export interface Files {
  /** Undefined where the file cannot be read. */
  read(path: string): string | undefined;
  /** Whole or not at all; creates the folder. Throws where the disk refuses. */
  write(path: string, text: string): void;
  remove(path: string): void;
  /** Names in a folder, sorted; empty where there is none. */
  list(folder: string): readonly string[];
  /** Through symbolic links; the path itself where it leads nowhere. */
  real(path: string): string;
}

export interface Platform {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string | undefined;
  readonly files: Files | undefined;
  /** Of this machine's interfaces. */
  readonly addresses: () => readonly string[];
}

interface Host {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly pid?: number;
  cwd?(): string;
  getBuiltinModule?(name: string): unknown;
}

/** The runtime this code runs in. Never throws. */
export function detectPlatform(
  host: Host | undefined = (globalThis as { process?: Host }).process,
): Platform {
  try {
    const fs = host?.getBuiltinModule?.('node:fs') as typeof import('node:fs') | undefined;
    const os = host?.getBuiltinModule?.('node:os') as typeof import('node:os') | undefined;
    return {
      env: host?.env ?? {},
      cwd: host?.cwd?.(),
      files: fs && filesOf(fs, host?.pid ?? 0),
      addresses: () => (os ? addressesOf(os) : []),
    };
  } catch {
    // A runtime that forbids looking (Deno without permissions) is treated like a browser.
    return { env: {}, cwd: undefined, files: undefined, addresses: () => [] };
  }
}

function addressesOf(os: typeof import('node:os')): string[] {
  try {
    return Object.values(os.networkInterfaces()).flatMap((own) => own?.map(({ address }) => address) ?? []);
  } catch {
    return [];
  }
}

function filesOf(fs: typeof import('node:fs'), pid: number): Files {
  let written = 0;
  return {
    read: (path) => {
      try {
        return fs.readFileSync(path, 'utf8');
      } catch {
        return undefined;
      }
    },
    write: (path, text) => {
      fs.mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
      const beside = `${path}.${pid}.${written++}.tmp`;
      fs.writeFileSync(beside, text, { mode: 0o600 });
      fs.renameSync(beside, path);
    },
    remove: (path) => fs.rmSync(path, { force: true }),
    list: (folder) => {
      try {
        return fs.readdirSync(folder).sort();
      } catch {
        return [];
      }
    },
    real: (path) => {
      try {
        return fs.realpathSync(path);
      } catch {
        return path;
      }
    },
  };
}
