package light

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// Snapshot reads the state of a chain at the end of one block, so that all its answers are of one moment. It may be used by
// several goroutines.
type Snapshot struct {
	// Height is the block at whose end the state is. The header after it holds the app hash.
	Height int64
	// Time is the time of the header after it.
	Time    time.Time
	appHash []byte
	sources []Source

	asked, size atomic.Int64
}

// Prove asks for a key. If what a node answers proves nothing, the next one is asked.
func (s *Snapshot) Prove(ctx context.Context, store string, key []byte) (Proof, error) {
	var errs []error
	for i, node := range s.sources {
		layers, err := node.Prove(ctx, store, key, s.Height)
		if err == nil {
			s.asked.Add(1)
			for _, l := range layers {
				s.size.Add(int64(len(l.Data)))
			}
			var p Proof
			if p, err = CheckProof(s.appHash, store, key, layers); err == nil {
				return p, nil
			}
		}
		errs = append(errs, fmt.Errorf("%s: state %d: %w", nameOf(i), s.Height, err))
		if ctx.Err() != nil {
			break
		}
	}
	return Proof{}, errors.Join(errs...)
}

// Get returns the value of a key. found is false if the chain proves that there is none.
func (s *Snapshot) Get(ctx context.Context, store string, key []byte) (value []byte, found bool, err error) {
	p, err := s.Prove(ctx, store, key)
	if err != nil || p.Found == nil {
		return nil, false, err
	}
	return p.Found.Value, true, nil
}

// Asked is how many questions nodes have answered so far, and Size the bytes of their proofs.
func (s *Snapshot) Asked() int64 { return s.asked.Load() }

// Size is the bytes of all proofs so far.
func (s *Snapshot) Size() int64 { return s.size.Load() }
