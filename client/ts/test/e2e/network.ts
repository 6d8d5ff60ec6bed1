// A network on this machine with two validators, their seats, and owners with workers: the binaries are those of make build, or in ALITA_BINARIES.
import { execFile, type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../../..", import.meta.url));
const binaries = process.env["ALITA_BINARIES"] ?? join(root, "build");
const alitad = join(binaries, "alitad");
const worker = join(binaries, "alita-worker");

/** PORT_OFFSET is added to every port, so that a network that is there already is left alone. */
const PORT_OFFSET = "5200";

/** GENESIS_EDIT lets jobs be opened a second after their pool, for which a network of the public would wait half an hour. */
const GENESIS_EDIT = '.app_state.datapool.params.twap_window = "1"';

/** Network is a running network: one of its own, or the fresh one of two validators in the folder that ALITA_LOCALNET names. */
export class Network {
  readonly #dir = mkdtempSync(join(tmpdir(), "alita-ts-"));
  readonly #net = process.env["ALITA_LOCALNET"] ?? join(this.#dir, "net");
  readonly #home = join(this.#net, "client");
  readonly #workers: ChildProcess[] = [];
  readonly #logs: string[] = [];
  /** rest and chainId are those that the network has written down. */
  rest = "";
  chainId = "";
  #grpc = "";

  async start(): Promise<void> {
    if (!process.env["ALITA_LOCALNET"]) await this.#script("localnet.sh");
    const written = readFileSync(join(this.#net, "env"), "utf8");
    const value = (name: string): string => new RegExp(`^${name}=(.*)$`, "m").exec(written)![1]!;
    [this.rest, this.chainId, this.#grpc] = [value("REST"), value("CHAIN_ID"), value("GRPC")];
  }

  async stop(): Promise<void> {
    for (const w of this.#workers) w.kill();
    if (!process.env["ALITA_LOCALNET"]) await this.#script("localnet-stop.sh");
    rmSync(this.#dir, { recursive: true, force: true });
  }

  async #script(name: string): Promise<void> {
    const env = { ...process.env, BIN: alitad, WORKER: worker, DIR: this.#net, N: "2", PORT_OFFSET, LOG_LEVEL: "error", GENESIS_EDIT };
    await run(join(root, "scripts", name), { env, timeout: 900_000 });
  }

  /** words are those of an account of the network. */
  words(name: string): string {
    const line = readFileSync(join(root, "scripts/localnet-accounts.txt"), "utf8").split("\n").find((l) => l.startsWith(`${name} `));
    return line!.slice(name.length + 1);
  }

  /** cli runs alitad and returns what it prints. */
  async cli(...args: string[]): Promise<string> {
    return (await run(alitad, [...args, "--home", this.#home], { maxBuffer: 16 << 20 })).stdout;
  }

  /** tx sends a transaction by the command line and returns the node's answer. */
  async tx(from: string, ...args: string[]): Promise<unknown> {
    return JSON.parse(await this.cli("tx", ...args, "--from", from, "--yes", "--output", "json"));
  }

  /** list makes a worker of an owner and registers a file in a pool; it returns the record and the account of the worker. */
  async list(owner: string, pool: bigint, csv: string, document: object, program: string): Promise<{ record: string; account: string }> {
    const dir = join(this.#dir, owner);
    const [data, home, passphrase] = [join(dir, "data"), join(dir, "worker"), join(dir, "passphrase")];
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, "data.csv"), csv);
    writeFileSync(join(dir, "record.jsonld"), JSON.stringify(document));
    writeFileSync(passphrase, `the passphrase of ${owner}\n`, { mode: 0o600 });
    const address = (await this.cli("keys", "show", owner, "-a")).trim();
    const made = await run(worker, [
      "init", "--owner", address, "--node", this.#grpc, "--chain-id", this.chainId, "--trust", "node", "--data-dir", data, "--program", program, "--min-seats", "2",
      "--output", "json", "--home", home, "--passphrase-file", passphrase,
    ]);
    const { worker: account, public_key_file: key } = JSON.parse(made.stdout) as { worker: string; public_key_file: string };
    await this.tx(owner, "metadata", "register-worker", account, key);
    const record = JSON.parse(await this.cli("tx", "metadata", "register", join(dir, "record.jsonld"), "--pool", String(pool), "--file", join(data, "data.csv"), "--worker", account, "--from", owner, "--yes", "--output", "json")) as { record_id: string };
    this.#logs.push(join(dir, "worker.log"));
    const log = openSync(join(dir, "worker.log"), "w");
    this.#workers.push(spawn(worker, ["run", "--home", home, "--passphrase-file", passphrase, "--poll", "300ms"], { stdio: ["ignore", log, log] }));
    return { record: record.record_id, account };
  }

  /** ask runs `alitad compute run`, and returns the key that it makes for the answer and what it prints. */
  async ask(...args: string[]): Promise<{ keys: Uint8Array[]; answer: { job_id: string; slots: string[]; owners: number } }> {
    const asking = spawn(alitad, ["compute", "run", ...args, "--yes", "--output", "json", "--home", this.#home]);
    let [out, err] = ["", ""];
    asking.stdout.on("data", (d: Buffer) => (out += d.toString()));
    asking.stderr.on("data", (d: Buffer) => (err += d.toString()));
    // The key is deleted once the answer was shown.
    let keys: Uint8Array[] = [];
    const looking = setInterval(() => {
      try {
        for (const file of readdirSync(join(this.#home, "compute")).filter((f) => f.endsWith(".json"))) {
          const saved = JSON.parse(readFileSync(join(this.#home, "compute", file), "utf8")) as { reader_keys: string[] };
          keys = saved.reader_keys.map((k) => new Uint8Array(Buffer.from(k, "base64")));
        }
      } catch {
        // It is not there yet, or is being written.
      }
    }, 50);
    const code = await new Promise((resolve) => asking.on("close", resolve));
    clearInterval(looking);
    if (code !== 0) throw new Error([`alitad compute run: ${err}`, ...this.#logs.map((name) => readFileSync(name, "utf8").slice(-2_000))].join("\n\n"));
    return { keys, answer: JSON.parse(out) as never };
  }
}
