// The crypto of readers and owners, against the vectors that the chain's packages publish.
import { readFileSync } from "node:fs";
import { create } from "@bufbuild/protobuf";
import { base64, hex } from "@scure/base";
import { describe, expect, it } from "vitest";
import { InputError, ProofError } from "../src/index.js";
import {
  generatorBytes, jobId, labelHash, noiseBound, openLocation, openSum, openVector, PROTOCOLS, recordId, recordLabel, reveal, SealKey, sealLocation, type SealedLocation, SeatError, sealTo, unshard, verifyOpening,
} from "../src/crypto.js";
import { JobSchema, OpenedSumSchema, ProgramSchema, RoundSumsSchema, VectorKind } from "../src/gen/alita/compute/v1/compute_pb.js";
import { RESULT_INFO, resultAad } from "../src/seal/result.js";
import { utf8 } from "../src/bytes.js";

const vectors = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../../../crypto/${name}`, import.meta.url), "utf8")) as T;
const b = base64.decode;
const changed = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((x, i) => (i === at ? x ^ 1 : x));

describe("sealing", async () => {
  const v = vectors<{
    Key: string; ChainID: string; RecordID: string; JobID: string; Version: string; Owner: string; Location: string; Result: string; SealedTo: string;
    Sealed: { Stanzas: { KeyID: string; Enc: string; Ciphertext: string }[]; Body: string; Commitment: string };
  }>("seal/testdata/v1.json");
  const key = await SealKey.fromBytes(b(v.Key));
  const owner = b(v.Owner);
  const sealed: SealedLocation = {
    stanzas: v.Sealed.Stanzas.map((s) => ({ keyId: b(s.KeyID), enc: b(s.Enc), ciphertext: b(s.Ciphertext) })), body: b(v.Sealed.Body), commitment: b(v.Sealed.Commitment),
  };
  const label = recordLabel(v.ChainID, v.RecordID, owner);
  const binding = { chainId: v.ChainID, jobId: v.JobID, recordId: v.RecordID, version: v.Version, owner };
  const vector = { enc: b(v.SealedTo).slice(0, 1120), ciphertext: b(v.SealedTo).slice(1120) };

  it("opens what the chain's package has sealed", async () => {
    expect(await openLocation(label, sealed, key)).toBe(v.Location);
    expect(await openVector(key, binding, 1, vector)).toEqual([1n]);
  });

  it("opens what it has sealed, with any of the keys", async () => {
    const keys = [await SealKey.generate(), await SealKey.generate()];
    const location = await sealLocation(label, "/srv/données/é.csv", keys.map((k) => k.publicKey));
    for (const k of keys) expect(await openLocation(label, location, k)).toBe("/srv/données/é.csv");
    expect(location.body.length).toBe(256 + 16);
    await expect(openLocation(label, location, key)).rejects.toThrow("sealed to this key");
  });

  it("opens nothing that was changed or moved", async () => {
    const other = recordLabel(v.ChainID, v.RecordID, changed(owner, 0));
    const [first, second] = sealed.stanzas;
    const bad: [string, Uint8Array, SealedLocation][] = [
      ["another record", other, sealed],
      ["body", label, { ...sealed, body: changed(sealed.body, 3) }],
      ["cut off body", label, { ...sealed, body: sealed.body.slice(0, 20) }],
      ["empty body", label, { ...sealed, body: new Uint8Array() }],
      ["commitment", label, { ...sealed, commitment: changed(sealed.commitment, 0) }],
      ["key", label, { ...sealed, stanzas: [{ ...first!, ciphertext: changed(first!.ciphertext, 0) }, second!] }],
      ["encapsulated key", label, { ...sealed, stanzas: [{ ...first!, enc: changed(first!.enc, 0) }, second!] }],
      ["short encapsulated key", label, { ...sealed, stanzas: [{ ...first!, enc: first!.enc.slice(1) }] }],
      ["recipient taken away", label, { ...sealed, stanzas: [first!] }],
      ["none", label, { ...sealed, stanzas: [] }],
      ["too many", label, { ...sealed, stanzas: Array(9).fill(first) }],
    ];
    for (const [what, at, s] of bad) await expect(openLocation(at, s, key), what).rejects.toBeInstanceOf(ProofError);
    for (const change of [{ jobId: "x" }, { version: "1.2.1" }, { owner: changed(owner, 0) }, { chainId: "alita-2" }]) {
      await expect(openVector(key, { ...binding, ...change }, 1, vector)).rejects.toBeInstanceOf(ProofError);
    }
    await expect(openVector(key, binding, 2, vector)).rejects.toThrow("vector: expected 16 bytes for 2 slots, got 8");
    await expect(openVector(key, binding, 1, { ...vector, enc: new Uint8Array() })).rejects.toThrow("encapsulated key: expected 1120 bytes, got 0");
    await expect(openVector(key, binding, 1, { ...vector, ciphertext: new Uint8Array(3) })).rejects.toThrow("sealed data: expected at least 1136 bytes, got 1123");
    const negative = await sealTo(key.publicKey, RESULT_INFO, resultAad(binding), new Uint8Array(8).fill(255));
    await expect(openVector(key, binding, 1, { enc: negative.slice(0, 1120), ciphertext: negative.slice(1120) })).rejects.toThrow("slot 0: expected at least 0");
  });

  it("seals to nothing that is no key", async () => {
    await expect(sealLocation(label, "", [key.publicKey])).rejects.toThrow("location: expected 1 to 4092 bytes, got 0");
    await expect(sealLocation(label, "x".repeat(4093), [key.publicKey])).rejects.toThrow("location: expected");
    await expect(sealLocation(label, "/x", [])).rejects.toThrow("workers: expected 1 to 8, got 0");
    await expect(sealLocation(label, "/x", [key.publicKey, key.publicKey])).rejects.toThrow("expected once, got twice");
    await expect(sealTo(key.publicKey.slice(1), utf8(""), utf8(""), utf8("x"))).rejects.toBeInstanceOf(InputError);
    const small = key.publicKey.slice();
    small.fill(0, 1184);
    await expect(sealTo(small, utf8(""), utf8(""), utf8("x"))).rejects.toThrow("point of large order");
    await expect(SealKey.fromBytes(new Uint8Array(31))).rejects.toThrow("key: expected 32 bytes, got 31");
  });

  it("keeps keys out of logs", async () => {
    expect(JSON.stringify({ key })).toBe('{"key":"(secret)"}');
    expect((await SealKey.fromBytes(key.bytes())).publicKey).toEqual(key.publicKey);
  });
});

describe("commitments", () => {
  const v = vectors<{
    BlindingGenerator: string; LengthGenerator: string; Generators: string[];
    Cases: { Length: number; Commitments: string[]; Sum: string; Opening: string; Aggregate: string }[];
  }>("pedersen/testdata/v1.json");

  it("have the chain's generators", () => {
    const made = generatorBytes(v.Generators.length);
    expect(made.slots.map((g) => base64.encode(g))).toEqual(v.Generators);
    expect(base64.encode(made.blinding)).toBe(v.BlindingGenerator);
    expect(base64.encode(made.length)).toBe(v.LengthGenerator);
  });

  it.each(v.Cases.map((c) => [c.Length, c] as const))("of %i slots open to their sums, and to nothing else", (length, c) => {
    const [sum, opening, count] = [b(c.Sum), b(c.Opening), c.Commitments.length];
    const values = verifyOpening(sum, count, length, opening);
    const aggregate = b(c.Aggregate);
    values.forEach((value, i) => expect(value).toBe(BigInt(`0x${hex.encode(aggregate.slice(16 * i, 16 * i + 16).reverse())}`)));
    for (let at = 0; at < opening.length; at += 41) expect(() => verifyOpening(sum, count, length, changed(opening, at)), String(at)).toThrow(ProofError);
    const large = opening.slice();
    large.fill(255, 0, 20);
    for (const [bad, text] of [
      [() => verifyOpening(sum, count + 1, length, opening), "of the commitment"],
      [() => verifyOpening(sum, count, length + 1, opening), "opening: expected"],
      [() => verifyOpening(sum, count, length, opening.slice(1)), "opening: expected"],
      [() => verifyOpening(sum, count, length, new Uint8Array(1 << 20)), "opening: expected"],
      [() => verifyOpening(sum.slice(1), count, length, opening), "commitment: expected 32 bytes"],
      [() => verifyOpening(new Uint8Array(32).fill(255), count, length, opening), "canonical"],
      [() => verifyOpening(sum, count, length, large), "slot 0: expected at most"],
      [() => verifyOpening(sum, -1, length, opening), "at most"],
      [() => verifyOpening(sum, count, length, opening.map((x, i) => (i < length * 20 ? x : 255))), "below the group's order"],
    ] as const) expect(bad).toThrow(text);
    expect(() => verifyOpening(sum, count, 8193, opening)).toThrow("slots: expected 1 to 8192, got 8193");
  });
});

interface ReaderVector {
  Kind: "sumvec" | "one-hot"; Length: number; Bits: number; Seats: number; Chain: string; Job: string; Round: number; Attempt: number;
  Reader: string; Valid: number; Commitments: string[]; Sealed: { Enc: string; Ciphertext: string }[]; Openings: string[]; Sum: number[];
}

describe("secure sums", () => {
  const all = vectors<ReaderVector[]>("securesum/testdata/reader.json");

  function parts(v: ReaderVector, vdaf: string, reader: SealKey) {
    const secure = { seats: v.Seats, bits: v.Bits };
    return {
      chainId: v.Chain, reader,
      job: create(JobSchema, { id: v.Job, vdaf, round: v.Round, attempt: v.Attempt, valid: v.Valid, validRows: 9n, seats: v.Commitments.map((c) => ({ commitment: b(c) })), spec: { length: v.Length, minCohort: 2, secure } }),
      program: create(ProgramSchema, { kind: v.Kind === "one-hot" ? VectorKind.ONE_HOT : VectorKind.SUM, bits: v.Bits }),
      sums: create(RoundSumsSchema, {
        round: v.Round, attempt: v.Attempt, valid: v.Valid, owners: 2, rows: 9n, readerKey: reader.publicKey, operators: v.Sealed.map((_, i) => `operator ${i}`),
        commitments: v.Commitments.map(b), sums: v.Sealed.map((s) => ({ sealed: { enc: b(s.Enc), ciphertext: b(s.Ciphertext) } })),
      }),
    };
  }

  it.each(all.flatMap((v) => Object.keys(PROTOCOLS).map((vdaf) => [v.Kind, vdaf, v] as const)))("%s, %s", async (_, vdaf, v) => {
    const reader = await SealKey.fromBytes(b(v.Reader));
    const made = parts(v, vdaf, reader);
    const sum = await openSum(made);
    expect(sum.sum.map(Number)).toEqual(v.Sum);
    expect(sum).toMatchObject({ round: v.Round, contributions: v.Valid, owners: 2, rows: 9n, revealed: sum.sum });

    made.job.spec!.secure!.publicResult = true;
    made.sums.sums = v.Openings.map((o) => create(OpenedSumSchema, { sum: b(o) }));
    expect((await openSum({ ...made, reader: undefined })).sum).toEqual(sum.sum);
  });

  it("blame the seat, or the node", async () => {
    const v = all[0]!;
    const reader = await SealKey.fromBytes(b(v.Reader));
    const [vdaf] = Object.keys(PROTOCOLS);
    type Parts = ReturnType<typeof parts>;
    const change = async (f: (p: Parts) => void) => {
      const made = parts(v, vdaf!, reader);
      f(made);
      return openSum(made);
    };
    await expect(change((p) => (p.sums.sums[1]!.sealed!.ciphertext = changed(p.sums.sums[1]!.sealed!.ciphertext, 0)))).rejects.toMatchObject({ seat: 1, operator: "operator 1" });
    await expect(change((p) => (p.sums.sums[0]!.sealed = p.sums.sums[1]!.sealed!))).rejects.toBeInstanceOf(SeatError);
    await expect(change((p) => (p.sums.sums[2]!.sealed = undefined as never))).rejects.toMatchObject({ seat: 2 });
    await expect(change((p) => p.sums.commitments.reverse())).rejects.toThrow("expected the job's commitment of seat 0, got another one");
    await expect(change((p) => (p.job.round++, p.sums.commitments.reverse()))).rejects.toBeInstanceOf(SeatError);
    await expect(change((p) => (p.sums.valid = 3))).rejects.toThrow("round 1: expected the sum of 2 contributions in attempt 1, got 3 in attempt 1");
    await expect(change((p) => p.sums.sums.pop())).rejects.toThrow("expected 3 sums, commitments and seats, got 2, 3, 3");
    await expect(change((p) => (p.sums.owners = 1))).rejects.toThrow("expected at least 2 owners, got 1");
    await expect(change((p) => (p.job.vdaf = "draft-99"))).rejects.toThrow("vdaf: expected");
    await expect(change((p) => (p.chainId = "alita-2"))).rejects.toBeInstanceOf(SeatError);
    await expect(change((p) => (p.sums.readerKey = new Uint8Array(3)))).rejects.toThrow("reader: expected the key");
    await expect(change((p) => (p.job.spec!.secure = undefined as never))).rejects.toThrow("delivery: expected a secure sum");
  });

  it("are no sums of vectors if they are too large", () => {
    expect(unshard("sumvec", 2, [[1n, 2n], [2n ** 128n - 7n * 2n ** 66n, 1n]], 1)).toEqual([0n, 3n]);
    expect(() => unshard("sumvec", 2, [[1n], [3n]], 1)).toThrow("slot 0: expected at most what 1 vectors can add up to");
    expect(unshard("sumvec", 2, [[1n], [3n]], 1, [1n])).toEqual([4n]);
    expect(() => unshard("onehot", 1, [[1n, 1n], [0n, 0n]], 1)).toThrow("sum of the slots: expected 1, got 2");
    expect(() => unshard("sumvec", 2, [[1n], []], 1)).toThrow("equally long");
  });

  it("lose the shift of rows and noise", () => {
    // The numbers of terms/noise_test.go: two noises in each slot, 10 rows together.
    const ranges = [{ count: 2, low: 0n, high: 1n, variance: 4n }, { count: 1, low: -300n, high: 500n, variance: 500_000n }, { count: 1, low: -1n, high: 1n, variance: 2n ** 62n }];
    expect([noiseBound(0n), noiseBound(4n), noiseBound(500_000n)]).toEqual([0n, 19n, 6713n]);
    expect(reveal([47n, 39n, 17479n, 0n], ranges, 2, 10n).slice(0, 3)).toEqual([9n, 1n, 1053n]);
    expect(reveal([5n], [], 2, 10n)).toEqual([5n]);
    expect(() => reveal([5n], ranges, 2, 10n)).toThrow("slots: expected 4, got 1");
  });
});

it("ids are those that the chain derives", () => {
  const owner = new Uint8Array(20).fill(1);
  const salt = new Uint8Array(16).fill(2);
  expect(recordId(owner, salt)).toBe(hex.encode(labelHash("alita/record/v1", owner, salt)).slice(0, 32));
  expect(jobId(owner, salt)).not.toBe(recordId(owner, salt));
});
