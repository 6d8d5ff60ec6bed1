/**
 * What a consumer and an owner encrypt, open and verify: keys of readers and workers, secure sums, delivered vectors, sealed locations. Pages import it
 * when it is needed, best in a Web Worker: a generator of a commitment takes about a millisecond.
 */
export { labelHash } from "./bytes.js";
export { keyId, PUBLIC_KEY_SIZE, SealKey, sealTo } from "./seal/keys.js";
export { jobId, MAX_LOCATION, MAX_RECIPIENTS, openLocation, recordId, recordLabel, type SealedLocation, sealLocation, type Stanza } from "./seal/location.js";
export { type Binding, openVector } from "./seal/result.js";
export { MAX_SLOTS } from "./sum/field.js";
export { generatorBytes, makeGenerators, verifyOpening } from "./sum/pedersen.js";
export { openSum, type Protocol, PROTOCOLS, rangesHash, SeatError, type SecureSum, type SumParts } from "./sum/securesum.js";
export { type Kind, noiseBound, reveal, type SlotRange, unshard } from "./sum/unshard.js";
