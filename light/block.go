package light

import (
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

const (
	// MaxValidators bounds a validator set, and so the signatures of a commit.
	MaxValidators = 1000
	// MaxAnswerBytes bounds what a node answers to one question: an encoded block, or the layers of a proof together.
	MaxAnswerBytes = 1 << 20
	// maxChainID bounds the name of a chain in bytes, as CometBFT does.
	maxChainID = 50
	// addressSize is the length of a validator's address, the beginning of the SHA-256 of its key.
	addressSize = 20
)

// Header, Commit and Validators of one height are a Block, the light block of CometBFT. Members have the names and the units
// of its protobuf files (tendermint/types/types.proto).
type (
	// BlockID names a block by its header's hash and by the parts in which it was spread.
	BlockID struct {
		Hash      []byte
		Parts     uint32
		PartsHash []byte
	}

	// Header is a block's header.
	Header struct {
		BlockVersion, AppVersion uint64
		ChainID                  string
		Height                   int64
		Time                     time.Time
		Last                     BlockID
		LastCommitHash           []byte
		DataHash                 []byte
		ValidatorsHash           []byte
		NextValidatorsHash       []byte
		ConsensusHash            []byte
		AppHash                  []byte // of the state before this block
		LastResultsHash          []byte
		EvidenceHash             []byte
		Proposer                 []byte
	}

	// Signature is a validator's part in a commit.
	Signature struct {
		ForBlock  bool // the validator signed the block: it was neither absent nor for none
		Address   []byte
		Time      time.Time
		Signature []byte
	}

	// Commit is the signatures of a block, in the order of its validators.
	Commit struct {
		Height     int64
		Round      int32
		Block      BlockID
		Signatures []Signature
	}

	// Validator is a member of a validator set.
	Validator struct {
		Key   ed25519.PublicKey
		Power int64
	}

	// Block is what the light client works on.
	Block struct {
		Header     Header
		Commit     Commit
		Validators []Validator
	}
)

// hashOf is SHA-256 of parts, one after the other.
func hashOf(parts ...[]byte) []byte {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

// merkleRoot is the root of the tree of RFC 6962, section 2.1.
func merkleRoot(leaves [][]byte) []byte {
	switch n := len(leaves); n {
	case 0:
		return hashOf()
	case 1:
		return hashOf([]byte{0}, leaves[0])
	default:
		left := 1
		for left*2 < n {
			left *= 2
		}
		return hashOf([]byte{1}, merkleRoot(leaves[:left]), merkleRoot(leaves[left:]))
	}
}

func (id BlockID) encode() []byte {
	parts := appendBytes(appendVarint(nil, 1, uint64(id.Parts)), 2, id.PartsHash)
	return appendMessage(appendBytes(nil, 1, id.Hash), 2, parts)
}

// Hash is the hash by which a commit names the header.
func (h Header) Hash() []byte {
	return merkleRoot([][]byte{
		appendVarint(appendVarint(nil, 1, h.BlockVersion), 2, h.AppVersion),
		appendBytes(nil, 1, []byte(h.ChainID)),
		appendVarint(nil, 1, uint64(h.Height)),
		encodeTime(h.Time),
		h.Last.encode(),
		appendBytes(nil, 1, h.LastCommitHash),
		appendBytes(nil, 1, h.DataHash),
		appendBytes(nil, 1, h.ValidatorsHash),
		appendBytes(nil, 1, h.NextValidatorsHash),
		appendBytes(nil, 1, h.ConsensusHash),
		appendBytes(nil, 1, h.AppHash),
		appendBytes(nil, 1, h.LastResultsHash),
		appendBytes(nil, 1, h.EvidenceHash),
		appendBytes(nil, 1, h.Proposer),
	})
}

// precommit is the type of the vote that a commit is made of.
const precommit = 2

// SignBytes is what a validator has signed for the commit of a chain, with the time of its signature
// (CanonicalVote of tendermint/types/canonical.proto, after its length).
func (c Commit) SignBytes(chainID string, at time.Time) []byte {
	b := appendVarint(nil, 1, precommit)
	b = appendFixed(appendFixed(b, 2, c.Height), 3, int64(c.Round))
	b = appendMessage(appendMessage(b, 4, c.Block.encode()), 5, encodeTime(at))
	b = appendBytes(b, 6, []byte(chainID))
	return append(protowire.AppendVarint(nil, uint64(len(b))), b...)
}

// Address is how a commit names the validator.
func (v Validator) Address() []byte { return hashOf(v.Key)[:addressSize] }

// encodeKey is tendermint.crypto.PublicKey.
func (v Validator) encodeKey() []byte { return appendMessage(nil, 1, v.Key) }

// ValidatorsHash is the hash of a validator set, in the order of the chain.
func ValidatorsHash(set []Validator) []byte {
	leaves := make([][]byte, len(set))
	for i, v := range set {
		leaves[i] = appendVarint(appendMessage(nil, 1, v.encodeKey()), 2, uint64(v.Power))
	}
	return merkleRoot(leaves)
}

// Flags of a signature in a commit.
const (
	flagAbsent = 1
	flagCommit = 2
)

// Encode returns tendermint.types.LightBlock. DecodeBlock reads it back.
func (b Block) Encode() []byte {
	h := b.Header
	header := appendMessage(nil, 1, appendVarint(appendVarint(nil, 1, h.BlockVersion), 2, h.AppVersion))
	header = appendVarint(appendBytes(header, 2, []byte(h.ChainID)), 3, uint64(h.Height))
	header = appendMessage(appendMessage(header, 4, encodeTime(h.Time)), 5, h.Last.encode())
	for i, hash := range [][]byte{
		h.LastCommitHash, h.DataHash, h.ValidatorsHash, h.NextValidatorsHash, h.ConsensusHash, h.AppHash, h.LastResultsHash, h.EvidenceHash,
		h.Proposer,
	} {
		header = appendBytes(header, protowire.Number(6+i), hash)
	}
	commit := appendVarint(appendVarint(nil, 1, uint64(b.Commit.Height)), 2, uint64(b.Commit.Round))
	commit = appendMessage(commit, 3, b.Commit.Block.encode())
	for _, s := range b.Commit.Signatures {
		sig := appendVarint(nil, 1, flagAbsent)
		if s.ForBlock {
			sig = appendVarint(nil, 1, flagCommit)
		}
		sig = appendBytes(appendMessage(appendBytes(sig, 2, s.Address), 3, encodeTime(s.Time)), 4, s.Signature)
		commit = appendMessage(commit, 4, sig)
	}
	var set []byte
	for _, v := range b.Validators {
		set = appendMessage(set, 1, appendVarint(appendMessage(appendBytes(nil, 1, v.Address()), 2, v.encodeKey()), 3, uint64(v.Power)))
	}
	out := appendMessage(nil, 1, appendMessage(appendMessage(nil, 1, header), 2, commit))
	if len(b.Validators) > 0 {
		out = appendMessage(out, 2, set)
	}
	return out
}

// DecodeBlock reads tendermint.types.LightBlock of at most MaxAnswerBytes and MaxValidators. It may lack the validators. The
// error is ErrMalformed. What was read is not verified.
func DecodeBlock(b []byte) (Block, error) {
	if len(b) > MaxAnswerBytes {
		return Block{}, fmt.Errorf("%w: block: expected at most %d bytes, got %d", ErrMalformed, MaxAnswerBytes, len(b))
	}
	var out Block
	err := decode("block", b, decoders{
		1: message(func(b []byte) error {
			return decode("signed header", b, decoders{1: message(out.Header.decode), 2: message(out.Commit.decode)})
		}),
		2: message(func(b []byte) error {
			return decode("validators", b, decoders{1: message(func(b []byte) error {
				if len(out.Validators) == MaxValidators {
					return fmt.Errorf("%w: validators: expected at most %d, got more", ErrMalformed, MaxValidators)
				}
				v, err := decodeValidator(b)
				out.Validators = append(out.Validators, v)
				return err
			})})
		}),
	})
	switch {
	case err != nil:
		return Block{}, err
	case out.Header.Time.IsZero():
		return Block{}, fmt.Errorf("%w: header: expected a time, got none", ErrMalformed)
	}
	return out, nil
}

func blockID(out *BlockID) decoder {
	return message(func(b []byte) error {
		return decode("block id", b, decoders{
			1: raw("hash", sha256.Size, &out.Hash),
			2: message(func(b []byte) error {
				return decode("parts", b, decoders{1: number("total", &out.Parts), 2: raw("hash", sha256.Size, &out.PartsHash)})
			}),
		})
	})
}

func (h *Header) decode(b []byte) error {
	var chainID []byte
	fields := decoders{
		1: message(func(b []byte) error {
			return decode("version", b, decoders{1: number("block", &h.BlockVersion), 2: number("app", &h.AppVersion)})
		}),
		2:  raw("chain id", maxChainID, &chainID),
		3:  number("height", &h.Height),
		4:  timestamp(&h.Time),
		5:  blockID(&h.Last),
		14: raw("proposer", addressSize, &h.Proposer),
	}
	for i, hash := range []*[]byte{
		&h.LastCommitHash, &h.DataHash, &h.ValidatorsHash, &h.NextValidatorsHash, &h.ConsensusHash, &h.AppHash, &h.LastResultsHash, &h.EvidenceHash,
	} {
		fields[protowire.Number(6+i)] = raw("hash", sha256.Size, hash)
	}
	err := decode("header", b, fields)
	h.ChainID = string(chainID)
	return err
}

func (c *Commit) decode(b []byte) error {
	return decode("commit", b, decoders{
		1: number("height", &c.Height),
		2: number("round", &c.Round),
		3: blockID(&c.Block),
		4: message(func(b []byte) error {
			if len(c.Signatures) == MaxValidators {
				return fmt.Errorf("%w: signatures: expected at most %d, got more", ErrMalformed, MaxValidators)
			}
			var s Signature
			var flag uint32
			err := decode("signature", b, decoders{
				1: number("flag", &flag), 2: raw("address", addressSize, &s.Address), 3: zeroOrTimestamp(&s.Time),
				4: raw("signature", ed25519.SignatureSize, &s.Signature),
			})
			s.ForBlock = flag == flagCommit
			c.Signatures = append(c.Signatures, s)
			return err
		}),
	})
}

// zeroOrTimestamp reads the time of a signature. An absent validator has the zero time of Go, which lies before 1970 and
// counts nothing: it is read as no time.
func zeroOrTimestamp(out *time.Time) decoder {
	in := timestamp(out)
	return message(func(b []byte) error {
		if err := in.read(value{bytes: b}); err != nil {
			*out = time.Time{}
		}
		return nil
	})
}

func decodeValidator(b []byte) (v Validator, err error) {
	var key []byte
	err = decode("validator", b, decoders{
		2: message(func(b []byte) error {
			return decode("key", b, decoders{1: raw("ed25519", ed25519.PublicKeySize, &key)})
		}),
		3: number("power", &v.Power),
	})
	if err == nil && len(key) != ed25519.PublicKeySize {
		err = fmt.Errorf("%w: validator: expected an ed25519 key, got another one", ErrMalformed)
	}
	v.Key = key
	return v, err
}
