// Package lies has what a node may do to its answers. Tests put it between a node and whoever asks: workers, seats, clients.
package lies

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"

	"google.golang.org/protobuf/proto"

	cmtv1beta1 "cosmossdk.io/api/cosmos/base/tendermint/v1beta1"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	headersv1 "github.com/alita-network/alita/api/headers/v1"
	metadatav1 "github.com/alita-network/alita/api/metadata/v1"
	"github.com/alita-network/alita/light"
	"github.com/alita-network/alita/light/keys"
	"github.com/alita-network/alita/light/lighttest"
)

// Lie changes what a node answers to a question; an error is the answer then.
type Lie = func(method string, req, res proto.Message) error

var errNoAnswer = errors.New("no answer")

// All are what a node of a chain may do to any of its answers: to headers, to proofs, and to each of the methods that are named.
func All(chain light.Source, methods ...string) map[string]Lie {
	all := map[string]Lie{
		"silent": func(string, proto.Message, proto.Message) error { return errNoAnswer },
		"header with another app hash": onHeader(func(b *light.Block) {
			b.Header.AppHash = make([]byte, 32)
			b.Commit.Block.Hash = b.Header.Hash()
		}),
		"header of another height": onHeader(func(b *light.Block) { b.Header.Height += 1 << 40 }),
		"header of another chain":  onHeader(func(b *light.Block) { b.Header.ChainID = "other" }),
		"old headers": onHeader(func(b *light.Block) {
			if old, err := chain.Block(context.Background(), b.Header.Height-3, nil); err == nil {
				*b = old
			}
		}),
		"header without signatures": onHeader(func(b *light.Block) {
			for i := range b.Commit.Signatures {
				b.Commit.Signatures[i].Signature = nil
			}
		}),
		"header of another validator set": onHeader(func(b *light.Block) {
			own := lighttest.Key("liar")
			set := []light.Validator{{Key: own.Public().(ed25519.PublicKey), Power: 1}}
			b.Header.ValidatorsHash, b.Header.NextValidatorsHash = light.ValidatorsHash(set), light.ValidatorsHash(set)
			*b = lighttest.Sign(b.Header, set, []ed25519.PrivateKey{own})
		}),
		"absence of everything": OnProof(chain, func(store string, key []byte, height int64) (string, []byte, int64) {
			return store, append(bytes.Clone(key), 0), height
		}),
		"proof of another key": OnProof(chain, func(_ string, _ []byte, height int64) (string, []byte, int64) {
			return keys.Compute, keys.Params(), height
		}),
		"proof of an older state": OnProof(chain, func(store string, key []byte, height int64) (string, []byte, int64) {
			return store, key, height - 1
		}),
		"value without proof": func(_ string, _, res proto.Message) error {
			if r, ok := res.(*cmtv1beta1.ABCIQueryResponse); ok {
				r.ProofOps = nil
			}
			return nil
		},
	}
	for _, name := range methods {
		all["a bit of "+name] = flipped(name)
		all["no "+name] = func(method string, _, _ proto.Message) error {
			if method == name {
				return errNoAnswer
			}
			return nil
		}
	}
	return all
}

// Worker are the lies that a worker may be told, with some about the things that it asks for without proof. job is the job that the
// lies are about, seat the operator of one of its seats.
func Worker(chain light.Source, job, seat string) map[string]Lie {
	all := All(chain, "Block", "ABCIQuery", "JobsByPool", "RecordsByOwner", "Grants", "ProgramCode")
	all["one seat's key for all"] = OnProof(chain, func(store string, key []byte, height int64) (string, []byte, int64) {
		if bytes.HasPrefix(key, keys.SeatKey(job, "")) {
			key = keys.SeatKey(job, seat)
		}
		return store, key, height
	})
	all["other code"] = func(_ string, _, res proto.Message) error {
		if r, ok := res.(*computev1.QueryProgramCodeResponse); ok {
			r.Code = append(r.Code, 0)
		}
		return nil
	}
	all["made-up entries in lists"] = func(_ string, _, res proto.Message) error {
		switch r := res.(type) {
		case *computev1.QueryJobsByPoolResponse:
			for _, j := range r.Jobs {
				j.Id = strings.Repeat("ab", 16)
			}
		case *metadatav1.QueryRecordsByOwnerResponse:
			for _, e := range r.Records {
				e.Id = strings.Repeat("cd", 16)
			}
		case *metadatav1.QueryGrantsResponse:
			for _, e := range r.Grants {
				e.Id += 7
			}
		}
		return nil
	}
	all["lists that allow everything"] = func(_ string, _, res proto.Message) error {
		switch r := res.(type) {
		case *computev1.QueryJobsByPoolResponse:
			for _, j := range r.Jobs {
				j.Attempt, j.Seats = j.Attempt+1, nil
				if j.Spec.Secure != nil {
					j.Spec.Secure.Seats = 2
				}
			}
		case *metadatav1.QueryGrantsResponse:
			for _, e := range r.Grants {
				e.Terms.AnyProgram, e.Terms.IndividualResults, e.Terms.MinCohort = true, true, 0
			}
		}
		return nil
	}
	return all
}

// onHeader lies about headers.
func onHeader(change func(b *light.Block)) Lie {
	return func(_ string, _, res proto.Message) error {
		r, ok := res.(*headersv1.QueryBlockResponse)
		if !ok {
			return nil
		}
		b, err := light.DecodeBlock(r.Block)
		if err != nil {
			return err
		}
		change(&b)
		r.Block = b.Encode()
		return nil
	}
}

// OnProof answers a question with the proof of another store, key or height.
func OnProof(chain light.Source, change func(store string, key []byte, height int64) (string, []byte, int64)) Lie {
	return func(_ string, req, res proto.Message) error {
		q, ok := req.(*cmtv1beta1.ABCIQueryRequest)
		if !ok {
			return nil
		}
		store, key, height := change(strings.Split(q.Path, "/")[2], q.Data, q.Height)
		layers, err := chain.Prove(context.Background(), store, key, height)
		if err != nil {
			return err
		}
		ops := &cmtv1beta1.ProofOps{}
		for _, l := range layers {
			ops.Ops = append(ops.Ops, &cmtv1beta1.ProofOp{Type_: l.Type, Data: l.Data})
		}
		res.(*cmtv1beta1.ABCIQueryResponse).ProofOps = ops
		return nil
	}
}

// flipped changes one bit of every answer of a method.
func flipped(name string) Lie {
	random := rand.New(rand.NewPCG(1, uint64(len(name)))) // the same bits in every run
	var mu sync.Mutex
	return func(method string, _, res proto.Message) error {
		if method != name {
			return nil
		}
		raw, err := proto.Marshal(res)
		if err != nil || len(raw) == 0 {
			return err
		}
		mu.Lock()
		bit := random.IntN(8 * len(raw))
		mu.Unlock()
		raw[bit/8] ^= 1 << (bit % 8)
		proto.Reset(res)
		if proto.Unmarshal(raw, res) != nil {
			return errNoAnswer
		}
		return nil
	}
}
